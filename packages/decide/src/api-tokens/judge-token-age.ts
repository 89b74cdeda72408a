const DAY = 86_400_000;

/** The ages, in days, at which the owner is reminded of a secret that was not changed. */
export const REMINDER_DAYS = [90, 180, 365] as const;
/** From this age on a secret is shown as old. */
export const OLD_DAYS = REMINDER_DAYS[0];

/** The step of which the owner is to be reminded now: the highest that is reached, unless it was told. */
export const dueReminder = ({
  secretSetAt,
  remindedDays,
  now,
}: {
  readonly secretSetAt: number;
  readonly remindedDays: number;
  readonly now: number;
}): number | null => {
  const reached = REMINDER_DAYS.findLast((days) => now - secretSetAt >= days * DAY);
  return reached === undefined || reached <= remindedDays ? null : reached;
};
