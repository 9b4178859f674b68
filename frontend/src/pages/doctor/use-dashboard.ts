import { useEffect, useState } from "react";
import { renewStaff, staffToken } from "../../api/session";
import { createDashboard, type Dashboard } from "../../call";
import { staffBearer } from "./flow";

/**
 * The live feed of who waits, while the page is open. When the server will not have us any more the cookie is asked:
 * where the session is over, the names of patients must not stay on that screen.
 */
export function useDashboard(): Dashboard | null {
  const [dashboard, setDashboard] = useState<Dashboard | null>(null);
  useEffect(() => {
    const feed = createDashboard({ token: staffBearer });
    const stop = feed.refusal.subscribe(() => {
      if (feed.refusal.get()?.code === "unauthorized") void renewStaff(staffToken());
    });
    feed.start();
    setDashboard(feed);
    return () => {
      stop();
      feed.close();
    };
  }, []);
  return dashboard;
}
