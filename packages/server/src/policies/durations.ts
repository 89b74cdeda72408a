/** Durations as policies write them: ISO 8601 of days, hours, minutes and seconds. */
import { z } from 'zod';

const PATTERN = /^P(?=.)(?:(\d{1,6})D)?(?:T(?=.)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/;

export const duration = z
  .string()
  .regex(PATTERN, 'must be an ISO 8601 duration of days, hours, minutes and seconds, such as PT2H')
  .nullish();

/** The seconds of a duration that was checked. */
export const secondsOf = (text: string): number => {
  const [, days, hours, minutes, seconds] = PATTERN.exec(text) ?? [];
  return Number(days ?? 0) * 86_400 + Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
};
