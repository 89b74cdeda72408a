import type { ImportDoneAnswer, ImportPreviewAnswer } from '@sallyport/client/answers';

export type ImportPreview = ImportPreviewAnswer;
export type ImportDone = ImportDoneAnswer;
export const IMPORTS = '/sallyport/v1/user-imports';
/** What the server takes, in bytes of its JSON about as many as characters. */
export const CSV_CHARACTERS_MAX = 1_000_000;
