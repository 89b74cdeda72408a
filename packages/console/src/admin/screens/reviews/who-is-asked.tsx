import { Checkbox, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { findOwnGroups, findPeople } from '../../ui/find-named.ts';
import { type Named, NamePicker } from '../../ui/name-picker.tsx';

/** How reviewers are found; `of` asks for one name: who is asked, or who is where nobody is found. */
const WAYS = {
  USER: { label: 'one person', of: 'Who is asked', one: 'person', find: findPeople },
  MANAGER: {
    label: 'the manager of whoever has it',
    of: 'Who is asked where there is no manager',
    one: 'person',
    find: findPeople,
  },
  RESOURCE_OWNER: {
    label: 'the owners of each group',
    of: 'Who is asked where there is no owner',
    one: 'person',
    find: findPeople,
  },
  GROUP: { label: 'members of a group, ten at most', of: 'Whose members are asked', one: 'group', find: findOwnGroups },
} as const;
type Way = keyof typeof WAYS;

export interface WhoIsAsked {
  readonly way: Way;
  readonly named: Named | null;
  readonly isTwoLevelled: boolean;
  readonly second: Named | null;
}
export const NOBODY_YET: WhoIsAsked = { way: 'USER', named: null, isTwoLevelled: false, second: null };
export const isWhole = ({ named, isTwoLevelled, second }: WhoIsAsked): boolean =>
  named !== null && (!isTwoLevelled || second !== null);

const firstOf = ({ way, named }: WhoIsAsked): object => {
  const id = named?.id;
  if (way === 'USER') return { type: 'USER', reviewerId: id };
  if (way === 'GROUP') return { type: 'GROUP', reviewerGroupId: id };
  return way === 'MANAGER'
    ? { type: 'REVIEWER_EXPRESSION', reviewerScopeExpression: 'user.profile.managerId', fallBackReviewerId: id }
    : { type: 'RESOURCE_OWNER', fallBackReviewerId: id };
};
/** The same as the wire says it. What the first level keeps goes on to the second at once. */
export const reviewerSettingsOf = (who: WhoIsAsked): object =>
  who.isTwoLevelled
    ? {
        type: 'MULTI_LEVEL',
        reviewerLevels: [
          { ...firstOf(who), startReview: { onDay: 0 } },
          { type: 'USER', reviewerId: who.second?.id, startReview: { onDay: 0, when: 'LOWER_LEVEL_APPROVES' } },
        ],
      }
    : firstOf(who);

/** Chooses one thing by its name; another one takes its place. */
const OnePicker = ({
  one,
  many,
  chosen,
  onChange,
  find,
}: {
  readonly one: string;
  readonly many: string;
  readonly chosen: Named | null;
  readonly onChange: (chosen: Named | null) => void;
  readonly find: (text: string) => Promise<readonly Named[]>;
}) => {
  const [found, setFound] = useState<ReadonlyMap<string, string>>(new Map());
  return (
    <NamePicker
      one={one}
      many={many}
      ids={chosen === null ? [] : [chosen.id]}
      nameOf={(id) => found.get(id) ?? id}
      onChange={(ids) => {
        const id = ids.at(-1);
        onChange(id === undefined ? null : { id, name: found.get(id) ?? id });
      }}
      find={async (text) => {
        const things = await find(text);
        setFound((before) => new Map([...before, ...things.map(({ id, name }) => [id, name] as const)]));
        return things;
      }}
      error={null}
    />
  );
};

/** Who answers for what people have, and who looks at it after them. */
export const WhoIsAskedFields = ({
  who,
  onChange,
}: {
  readonly who: WhoIsAsked;
  readonly onChange: (who: WhoIsAsked) => void;
}) => {
  const { of, one, find } = WAYS[who.way];
  return (
    <>
      <NativeSelect
        label="Who answers"
        data={Object.entries(WAYS).map(([value, { label }]) => ({ value, label }))}
        value={who.way}
        onChange={({ currentTarget: { value } }) => {
          const way = value as Way;
          // A person stays who they are, whatever they are named for; a group is none.
          onChange({ ...who, way, named: WAYS[way].one === one ? who.named : null });
        }}
      />
      <OnePicker
        key={one}
        one={one}
        many={of}
        chosen={who.named}
        find={find}
        onChange={(named) => onChange({ ...who, named })}
      />
      <Checkbox
        label="What they keep is looked at by another person, too"
        checked={who.isTwoLevelled}
        onChange={({ currentTarget: { checked } }) => onChange({ ...who, isTwoLevelled: checked, second: null })}
      />
      {who.isTwoLevelled && (
        <OnePicker
          one="person"
          many="Who looks at it after them"
          chosen={who.second}
          find={findPeople}
          onChange={(second) => onChange({ ...who, second })}
        />
      )}
    </>
  );
};
