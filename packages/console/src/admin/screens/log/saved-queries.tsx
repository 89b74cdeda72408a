import { Badge, Button, Checkbox, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { del, get, post } from '../../api.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toasts.tsx';
import { getHistogram, type SavedQuery } from './log-api.ts';
import { instantsOf, type Range } from './log-url.ts';

const PATH = '/sallyport/v1/logs/saved';
export const savedQueriesKey = ['log', 'saved'];
const DAY_SECONDS = 86_400;

const rangeOf = ({ search }: SavedQuery): Range =>
  search.since !== undefined && search.until !== undefined
    ? { kind: 'between', since: search.since, until: search.until }
    : { kind: 'last', seconds: search.lastSeconds ?? 7 * DAY_SECONDS };

/** How many events it finds in its range; at least so many when the count is partial. */
const Count = ({ query }: { readonly query: SavedQuery }) => {
  const { data } = useQuery({
    queryKey: ['log', 'saved', query.id, query.search],
    queryFn: () =>
      getHistogram({ ...instantsOf(rangeOf(query), Date.now()), filter: query.search.filter, q: query.search.q }, 1),
    staleTime: 60_000,
  });
  if (data === undefined) return null;
  return (
    <Badge variant="light" aria-label={`${data.total} events`}>
      {data.total.toLocaleString()}
      {data.isPartial ? '+' : ''}
    </Badge>
  );
};

/** Mine and the team's: open one, keep this one, let one go. */
export const SavedQueries = ({
  current,
  onOpen,
  onClose,
}: {
  readonly current: SavedQuery['search'];
  readonly onOpen: (query: SavedQuery, range: Range) => void;
  readonly onClose: () => void;
}) => {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [isShared, setIsShared] = useState(false);
  const list = useQuery({ queryKey: savedQueriesKey, queryFn: () => get<readonly SavedQuery[]>(PATH) });
  const refresh = (): void => void client.invalidateQueries({ queryKey: savedQueriesKey });
  const save = useMutation({
    mutationFn: () => post<SavedQuery>(PATH, { name, isShared, search: current }),
    onSuccess: () => {
      setName('');
      refresh();
      toast(`“${name}” is saved.`);
    },
  });
  const remove = useMutation({ mutationFn: (id: string) => del(`${PATH}/${id}`), onSuccess: refresh });
  const group = (title: string, queries: readonly SavedQuery[]) =>
    queries.length > 0 && (
      <section>
        <h3>{title}</h3>
        <ul className="log-saved">
          {queries.map((query) => (
            <li key={query.id}>
              <button type="button" className="log-saved-open" onClick={() => onOpen(query, rangeOf(query))}>
                {query.name}
              </button>
              <Count query={query} />
              {query.isShared && !query.isMine && <span className="sp-quiet">by {query.owner ?? 'somebody gone'}</span>}
              {query.isMine && (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="red"
                  aria-label={`Delete ${query.name}`}
                  onClick={() => remove.mutate(query.id)}
                >
                  Delete
                </Button>
              )}
            </li>
          ))}
        </ul>
      </section>
    );
  return (
    <Dialog title="Saved queries" size="lg" onClose={onClose}>
      <div className="sp-dialog-text">
        <QueryView query={list} what="saved queries" rows={2}>
          {(queries) => (
            <>
              {queries.length === 0 && <p className="sp-quiet">None yet. Keep the one on the screen:</p>}
              {group(
                'Mine',
                queries.filter(({ isShared: shared, isMine }) => isMine && !shared),
              )}
              {group(
                'The team’s',
                queries.filter(({ isShared: shared }) => shared),
              )}
            </>
          )}
        </QueryView>
        {remove.isError && <Failure what="Couldn’t delete it" error={remove.error} wasChange />}
        <form
          className="log-save"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== '') save.mutate();
          }}
        >
          <TextInput
            label="Save the query on the screen as"
            value={name}
            maxLength={80}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Checkbox
            label="For the whole team"
            checked={isShared}
            onChange={(event) => setIsShared(event.currentTarget.checked)}
          />
          {save.isError && <Failure what="Couldn’t save it" error={save.error} wasChange />}
          <div className="sp-dialog-actions">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" loading={save.isPending} disabled={name.trim() === ''}>
              Save
            </Button>
          </div>
        </form>
      </div>
    </Dialog>
  );
};
