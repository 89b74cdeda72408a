import { Button } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { FilterChips } from './filter-chips.tsx';
import { QueryView } from './query-view.tsx';
import { SearchBox } from './search-box.tsx';

export interface Named {
  readonly id: string;
  readonly name: string;
}

const SHOWN_MAX = 8;
const article = (word: string): string => (/^[aeiou]/.test(word) ? 'an' : 'a');

/** Chooses things by their names: those that are chosen, and a field that finds others. Enter adds the first that a text found. */
export const NamePicker = ({
  one,
  many,
  ids,
  nameOf,
  onChange,
  find,
  error,
}: {
  readonly one: string;
  readonly many: string;
  readonly ids: readonly string[];
  readonly nameOf: (id: string) => string;
  readonly onChange: (ids: readonly string[]) => void;
  /** Those that the text finds. */
  readonly find: (text: string) => Promise<readonly Named[]>;
  readonly error: string | null;
}) => {
  const [text, setText] = useState('');
  const query = useQuery({
    queryKey: ['find', many, text],
    queryFn: () => find(text),
    placeholderData: keepPreviousData,
  });
  const left = (query.data ?? []).filter(({ id }) => !ids.includes(id));
  const open = left.slice(0, SHOWN_MAX);
  const add = ({ id }: Named): void => {
    setText('');
    onChange([...ids, id]);
  };
  return (
    <fieldset className="sp-picker">
      <legend>{many}</legend>
      <FilterChips
        label={`Chosen: ${many}`}
        removeLabel="Remove"
        chips={ids.map((id) => ({ key: id, text: nameOf(id) }))}
        onRemove={(gone) => onChange(ids.filter((id) => id !== gone))}
      />
      {error !== null && (
        <p className="sp-picker-error" role="alert">
          {error}
        </p>
      )}
      <SearchBox
        label={`Find ${article(one)} ${one}`}
        value={text}
        onChange={setText}
        doneWith={ids.join(' ')}
        onEnter={(typed) => {
          // What is shown may be of an earlier text, and would add somebody else; so would one Enter too many.
          if (open[0] !== undefined && typed === text && text !== '' && !query.isPlaceholderData) add(open[0]);
        }}
      />
      <QueryView query={query} what={many} rows={2}>
        {() =>
          open.length === 0 ? (
            <p className="sp-quiet" role="status">
              {text === '' ? `No other ${one} to choose.` : `No other ${one} is found by “${text}”.`}
            </p>
          ) : (
            <>
              <ul className="sp-chips" aria-label={`Found: ${many}`}>
                {open.map((item) => (
                  <li key={item.id}>
                    <Button variant="default" size="xs" onClick={() => add(item)}>
                      + {item.name}
                    </Button>
                  </li>
                ))}
              </ul>
              {left.length > open.length && <p className="sp-quiet">There are more: type a word of theirs.</p>}
            </>
          )
        }
      </QueryView>
    </fieldset>
  );
};
