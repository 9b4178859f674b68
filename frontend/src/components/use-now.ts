import { useEffect, useState } from "react";
import { serverNow } from "../clock";

/** The present time as the server has it, renewed every `seconds`. */
export function useNow(seconds = 1): Date {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds]);
  return now;
}
