/** Refusing somebody from the dashboard: the doctor sits down in the room for a moment, without any device. */
import { type ActionResult, createLocalMedia, createSession } from "../../call";
import { staffBearer } from "./flow";

const PATIENCE_MS = 15_000;

/** Tells `participantId`, who waits in `roomId`, that the doctor cannot receive them. */
export function refuseFromAfar(roomId: string, participantId: string): Promise<ActionResult> {
  const session = createSession({ roomId, token: staffBearer, media: createLocalMedia(), takeOver: false });
  return new Promise((resolve) => {
    let decided = false;
    const timer = setTimeout(() => finish({ ok: false, code: "timeout" }), PATIENCE_MS);
    const stops = [session.phase.subscribe(look), session.waiting.subscribe(look)];
    function finish(result: ActionResult): void {
      clearTimeout(timer);
      for (const stop of stops) stop();
      void session.leave().finally(() => session.close());
      resolve(result);
    }
    function look(): void {
      const phase = session.phase.get();
      if (decided) return;
      if (phase.is === "refused") finish({ ok: false, code: phase.refusal.code });
      if (phase.is !== "talking" || !session.waiting.get().some(({ id }) => id === participantId)) return;
      decided = true;
      void session.refuse(participantId).then(finish);
    }
    session.start();
  });
}
