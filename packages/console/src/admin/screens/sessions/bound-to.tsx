import { DataTable } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Section } from '../../ui/page.tsx';
import { type Tone, Word } from '../../ui/word.tsx';
import type { BoundFact, SessionDetail } from './session-types.ts';
import { factWords, MODE_WORDS, pageKeyWords } from './session-words.ts';

interface Row {
  readonly what: string;
  readonly value: string;
  readonly mode: string;
  readonly state: { readonly tone: Tone; readonly word: string };
  readonly changed: BoundFact['changed'];
}

const modeOf = ({ mode }: BoundFact): string => (mode === null ? '' : MODE_WORDS[mode]);

/** What the owner's key bound the session to, and whether each part held, changed, or was not watched. */
export const BoundTo = ({ session }: { readonly session: SessionDetail }) => {
  const { asn, ip, pageKey, recordedAt } = session.boundTo;
  const rows: readonly Row[] = [
    { what: 'Network', value: asn.value.name, mode: modeOf(asn), state: factWords(asn), changed: asn.changed },
    { what: 'Address', value: ip.value.join(', '), mode: modeOf(ip), state: factWords(ip), changed: ip.changed },
    {
      what: 'Key of the page',
      value: pageKey.fingerprint === null ? 'none registered' : pageKey.fingerprint,
      mode: ip.mode === 'PROVE' ? 'asked at a new address' : 'not asked',
      state: pageKeyWords(session),
      changed: null,
    },
  ];
  return (
    <Section
      title="Bound to"
      lead={
        <>
          Recorded at <Instant at={recordedAt} />, when the owner proved a key. It never moves by itself.
        </>
      }
    >
      <DataTable
        caption="What the session is bound to"
        rows={rows}
        rowKey={({ what }) => what}
        columns={[
          { key: 'what', head: 'What', cell: ({ what }) => what },
          { key: 'value', head: 'Bound to', cell: ({ value }) => value },
          // Of an ended session the modes of its time are not known any more.
          ...(ip.mode === null ? [] : [{ key: 'mode', head: 'Mode', cell: ({ mode }: Row) => mode }]),
          {
            key: 'state',
            head: 'State',
            cell: ({ state, changed }) => (
              <span className="sp-two">
                <Word tone={state.tone}>{state.word}</Word>
                {changed !== null && (
                  <span className="sp-quiet">
                    {changed.at !== null && (
                      <>
                        at <Instant at={changed.at} />{' '}
                      </>
                    )}
                    to {changed.address}, {changed.network}
                  </span>
                )}
              </span>
            ),
          },
        ]}
      />
    </Section>
  );
};
