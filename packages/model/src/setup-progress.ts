/** The steps of the first run, in their order. The first two are done before anybody can sign in. */
export const SETUP_STEPS = [
  'claim',
  'second-key',
  'second-admin',
  'network',
  'posture',
  'checkpoint',
  'zero-standing',
  'what-is-left',
] as const;
export type SetupStep = (typeof SETUP_STEPS)[number];

/** The steps of which somebody says that they are done, or skips them; the others are what they are. */
export const MARKED_SETUP_STEPS = [
  'second-key',
  'second-admin',
  'network',
  'posture',
  'checkpoint',
  'zero-standing',
] as const;
export type MarkedSetupStep = (typeof MARKED_SETUP_STEPS)[number];

export interface SetupMark {
  readonly state: 'done' | 'skipped';
  /** Why it was skipped, or what was answered. */
  readonly note: string;
  readonly at: number;
  readonly by: string;
}
export interface SetupProgress {
  readonly marks: Readonly<Partial<Record<MarkedSetupStep, SetupMark>>>;
  readonly finishedAt: number | null;
}
