import { invalid } from '@sallyport/model/errors';

/** A place in a list that is in the order of when things are due: after the last thing that was shown. */
export interface DuePlace {
  readonly dueAt: number;
  readonly id: string;
}

/** The place as the `after` of a list, and back. E0000001 for a text that is none. */
export const writeDuePlace = ({ dueAt, id }: DuePlace): string => `${dueAt}_${id}`;
export const readDuePlace = (text: string | undefined): DuePlace | null => {
  if (text === undefined) return null;
  const [, dueAt, id] = /^(\d{1,15})_([\w-]{1,48})$/.exec(text) ?? [];
  if (dueAt === undefined || id === undefined) throw invalid('after', 'is no cursor of this list');
  return { dueAt: Number(dueAt), id };
};
