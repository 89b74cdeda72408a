import type { DelegationAnswer, MyDelegationAnswer } from '@sallyport/client/answers';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { get } from '../../api.ts';
import type { Me } from '../../frame/me.ts';
import { DelegateCard } from '../../ui/delegations/delegate-card.tsx';
import { Instant } from '../../ui/instant.tsx';

const MINE = '/sallyport/v1/me/delegation';

/** Whom somebody decides for: they end it, not the delegate. */
const Received = ({ received }: { readonly received: readonly DelegationAnswer[] }) =>
  received.length > 0 && (
    <div>
      <h3>Whom you decide for</h3>
      <ul>
        {received.map(({ delegator, startsAt, endsAt, isActive, note }) => (
          <li key={delegator.id}>
            {delegator.name},{' '}
            {!isActive && (
              <>
                from <Instant at={startsAt} />{' '}
              </>
            )}
            until <Instant at={endsAt} />
            {note !== null && `: “${note}”`}
          </li>
        ))}
      </ul>
    </div>
  );

/** Who decides in my stead, and in whose stead do I? */
export const WhileAway = ({ me }: { readonly me: Me }) => {
  const client = useQueryClient();
  const query = useQuery({ queryKey: [MINE], queryFn: () => get<MyDelegationAnswer>(MINE) });
  const given = query.data?.given ?? null;
  return (
    <DelegateCard
      delegator={{
        id: me.user.id,
        name: me.user.name,
        isMe: true,
        path: '/governance/api/v1/my/settings',
        action: 'delegate.name',
      }}
      query={query}
      given={given && { ...given, namedBy: given.namedBy.id === me.user.id ? null : given.namedBy.name }}
      onChanged={() => void client.invalidateQueries({ queryKey: [MINE] })}
    >
      {query.data !== undefined && <Received received={query.data.received} />}
    </DelegateCard>
  );
};
