import { useQuery } from '@tanstack/react-query';
import { NamePicker } from './name-picker.tsx';
import { myProtectedActionsQuery } from './protected-action.ts';

const OF_ADMINS = 'Administrators';

/** The words of a protected action by its name; the name itself until they are known. */
export const useActionWords = (): ((action: string) => string) => {
  const { data } = useQuery(myProtectedActionsQuery);
  return (action) => data?.actions[action]?.words ?? action;
};

/** Does an action change who is an administrator? Whoever may do that by themselves can take all power. */
export const useIsOfAdmins = (): ((action: string) => boolean) => {
  const { data } = useQuery(myProtectedActionsQuery);
  return (action) => data?.actions[action]?.group === OF_ADMINS;
};

/** Chooses protected actions by what they are called, in words or in the table; of a machine that is there, of its own. */
export const ActionPicker = ({
  among,
  chosen,
  onChange,
}: {
  /** Null: among all. */
  readonly among: readonly string[] | null;
  readonly chosen: readonly string[];
  readonly onChange: (actions: readonly string[]) => void;
}) => {
  const { data } = useQuery(myProtectedActionsQuery);
  const wordsOf = useActionWords();
  const find = async (text: string) =>
    Object.entries(data?.actions ?? {})
      .filter(([action]) => among === null || among.includes(action))
      .filter(([action, { words, group }]) => `${action} ${words} ${group}`.toLowerCase().includes(text.toLowerCase()))
      // The most powerful are found, and not offered first.
      .sort(([, a], [, b]) => Number(a.group === OF_ADMINS) - Number(b.group === OF_ADMINS))
      .map(([action, { words }]) => ({ id: action, name: words }));
  // Asked anew once the table is there: an answer without it would stand for “none”.
  return data === undefined ? null : (
    <NamePicker
      one="protected action"
      many="Protected actions by itself"
      ids={chosen}
      nameOf={wordsOf}
      onChange={onChange}
      find={find}
      error={null}
    />
  );
};
