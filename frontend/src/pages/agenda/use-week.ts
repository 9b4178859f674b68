import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { staff } from "../../api/staff";
import { addDays, startOfDayIn } from "../doctor/zoned";
import { onAgenda } from "./layout";

const AGAIN_MS = 30_000;

/** The rooms of a week, looked at again and again: somebody else may book or cancel. */
export function useWeek(days: readonly string[], zone: string) {
  const [monday = ""] = days;
  return useQuery({
    queryKey: ["rooms", "week", monday, zone],
    queryFn: async () =>
      onAgenda(
        await staff.allRooms({
          from: startOfDayIn(monday, zone),
          to: startOfDayIn(addDays(monday, 7), zone),
        }),
      ),
    refetchInterval: AGAIN_MS,
    // The next week's place is not emptied while it comes.
    placeholderData: keepPreviousData,
  });
}
