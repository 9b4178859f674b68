import { useEffect, useState } from "react";
import { createDashboard, type Dashboard } from "../../call";
import { staffBearer } from "./flow";

/** The live feed of who waits, while the page is open. */
export function useDashboard(): Dashboard | null {
  const [dashboard, setDashboard] = useState<Dashboard | null>(null);
  useEffect(() => {
    const feed = createDashboard({ token: staffBearer });
    feed.start();
    setDashboard(feed);
    return () => feed.close();
  }, []);
  return dashboard;
}
