import type { ConsoleSettingsAnswer, SessionProtectionAnswer } from '@sallyport/client/answers';

export interface TypedLifetimes {
  readonly idle: string;
  readonly lifetime: string;
}
export interface JudgedLifetimes {
  readonly idleError: string | null;
  readonly lifetimeError: string | null;
  /** Null while something is wrong. */
  readonly settings: ConsoleSettingsAnswer | null;
  readonly isBeyondAal3: boolean;
}

const errorOf = (text: string, { min, max }: { readonly min: number; readonly max: number }): string | null =>
  /^\d{1,6}$/.test(text.trim()) && Number(text) >= min && Number(text) <= max
    ? null
    : `A number of minutes from ${min} to ${max}`;

/** What was typed, judged as the server will. */
export const judgeLifetimes = (
  { idle, lifetime }: TypedLifetimes,
  limits: SessionProtectionAnswer['consoleLimits'],
): JudgedLifetimes => {
  const lifetimeError = errorOf(lifetime, limits.lifetimeMinutes);
  const idleError =
    errorOf(idle, limits.idleMinutes) ??
    (lifetimeError === null && Number(idle) > Number(lifetime) ? 'Not longer than in all' : null);
  const isGood = idleError === null && lifetimeError === null;
  return {
    idleError,
    lifetimeError,
    settings: isGood ? { sessionIdleTimeoutMinutes: Number(idle), sessionMaxLifetimeMinutes: Number(lifetime) } : null,
    isBeyondAal3: isGood && (Number(idle) > limits.aal3Minutes.idle || Number(lifetime) > limits.aal3Minutes.lifetime),
  };
};
