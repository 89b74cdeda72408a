import { useQuery, useQueryClient } from '@tanstack/react-query';
import { get, withQuery } from '../../api.ts';
import { DelegateCard } from '../../ui/delegations/delegate-card.tsx';
import { usePeopleNames } from '../../ui/policies/use-names.ts';

const DELEGATES = '/governance/api/v1/delegates';

/** `GET /governance/api/v1/delegates`: of one person at most one. */
interface Delegates {
  readonly data: readonly {
    readonly delegate: { readonly externalId: string };
    readonly startTime: string;
    readonly endTime: string;
    readonly note?: string;
    readonly createdBy: string;
  }[];
}

/** Who decides in the stead of somebody who could not say so themselves before they left? */
export const WhileTheyAreAway = ({ person }: { readonly person: { readonly id: string; readonly name: string } }) => {
  const client = useQueryClient();
  const path = withQuery(DELEGATES, { filter: `delegatorId eq ${JSON.stringify(person.id)}` });
  const query = useQuery({ queryKey: [path], queryFn: () => get<Delegates>(path) });
  const first = query.data?.data[0];
  const nameOf = usePeopleNames(first === undefined ? [] : [first.delegate.externalId, first.createdBy]);
  const login = nameOf(first?.delegate.externalId ?? '');
  const given = first && {
    delegate: { id: first.delegate.externalId, login, name: login },
    startsAt: first.startTime,
    endsAt: first.endTime,
    isActive: Date.parse(first.startTime) <= Date.now(),
    note: first.note ?? null,
    namedBy: first.createdBy === person.id ? null : nameOf(first.createdBy),
  };
  return (
    <DelegateCard
      delegator={{
        ...person,
        isMe: false,
        path: `/governance/api/v1/principal-settings/${encodeURIComponent(person.id)}`,
        action: 'delegate.name-for',
      }}
      query={query}
      given={given ?? null}
      onChanged={() => void client.invalidateQueries({ queryKey: [path] })}
    />
  );
};
