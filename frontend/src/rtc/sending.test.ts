import { expect, test } from "vitest";
import { encode } from "./sending";

/** A sender that takes `encodingOptions`, or does not read them, as Firefox. */
function sender(knows: boolean) {
  const scales: (number | undefined)[] = [];
  let asked = 0;
  const transceiver = {
    sender: {
      getParameters: () => ({ encodings: [{ scaleResolutionDownBy: scales.at(-1) }] }),
      setParameters: async (
        parameters: RTCRtpSendParameters,
        options?: { encodingOptions: { keyFrame: boolean }[] },
      ) => {
        scales.push(parameters.encodings[0]?.scaleResolutionDownBy);
        if (knows && options?.encodingOptions[0]?.keyFrame) asked += 1;
      },
    },
  } as unknown as RTCRtpTransceiver;
  return { transceiver, scales, asked: () => asked };
}

const HALF = { scaleResolutionDownBy: 2 };

test("a whole picture is asked for in the standard's words where they are read", async () => {
  const { transceiver, scales, asked } = sender(true);
  await encode(transceiver, HALF, undefined, true);
  expect([asked(), scales]).toEqual([1, [2]]);
});

test("elsewhere a size that hardly differs makes one, and another the next", async () => {
  const { transceiver, scales } = sender(false);
  await encode(transceiver, HALF);
  await encode(transceiver, HALF, undefined, true);
  expect(scales).toEqual([2, 2, 2.02]);
  await encode(transceiver, HALF, undefined, true);
  expect(scales.slice(3), "never back: within one picture's time nothing would have changed").toEqual([
    2.02, 2.04,
  ]);
  await encode(transceiver, HALF, undefined, true);
  expect(scales.slice(5)).toEqual([2.04, 2.02]);
});

test("it stays when the same is wished for again, and goes with another size, which makes one by itself", async () => {
  const { transceiver, scales } = sender(false);
  await encode(transceiver, HALF);
  await encode(transceiver, HALF, undefined, true);
  await encode(transceiver, HALF);
  expect(scales.at(-1)).toBe(2.02);
  await encode(transceiver, { scaleResolutionDownBy: 3 }, undefined, true);
  expect(scales.slice(4)).toEqual([3]);
});

test("a size that is not told counts as the whole", async () => {
  const { transceiver, scales } = sender(false);
  await encode(transceiver, {}, undefined, true);
  expect(scales).toEqual([undefined, 1.01]);
});

test("without that wish everything is said once, and to nobody nothing", async () => {
  const { transceiver, scales } = sender(false);
  await encode(transceiver, HALF);
  await encode(null, {}, undefined, true);
  expect(scales).toEqual([2]);
});
