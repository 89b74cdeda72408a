/** `POST /sallyport/v1/user-imports?dryRun=true`. */
export interface ImportPreview {
  readonly rows: number;
  readonly creates: number;
  readonly existing: number;
  readonly problemCount: number;
  readonly problems: readonly { readonly line: number; readonly problem: string }[];
  readonly sample: readonly { readonly line: number; readonly profile: Readonly<Record<string, unknown>> }[];
}
/** `POST /sallyport/v1/user-imports`. */
export interface ImportDone {
  readonly created: number;
  readonly skipped: number;
  readonly done: number;
  readonly rows: number;
  /** Where the next slice begins; null after the last. */
  readonly next: number | null;
}
export const IMPORTS = '/sallyport/v1/user-imports';
/** What the server takes, in bytes of its JSON about as many as characters. */
export const CSV_CHARACTERS_MAX = 1_000_000;
