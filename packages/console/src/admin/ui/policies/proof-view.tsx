import type { PolicyProofAnswer } from '@sallyport/client/answers';
import { DataTable } from '../data-table.tsx';
import { Word } from '../word.tsx';

type Finding = PolicyProofAnswer['findings'][number];
const IN_SHORT: Readonly<Record<Finding['kind'], readonly ['warn' | 'quiet', string]>> = {
  'rule-contradictory': ['warn', 'Never applies'],
  'rule-shadowed': ['warn', 'Never applies'],
  'allows-one-factor': ['warn', 'One factor'],
  'allows-anywhere': ['warn', 'From anywhere'],
  'zone-without-data': ['warn', 'No data'],
  'catch-all-missing': ['warn', 'No last word'],
  'not-proven': ['quiet', 'Not proven'],
};

/** What is found out about a policy, or a draft of it, for every request; `isShort` leaves out the ways in. */
export const ProofView = ({ proof, isShort }: { readonly proof: PolicyProofAnswer; readonly isShort?: boolean }) => (
  <>
    {proof.findings.length === 0 ? (
      <p>
        <Word tone="good">Nothing is found to be wrong with it.</Word>
      </p>
    ) : (
      <ul className="sp-findings">
        {proof.findings.map(({ kind, sentence }) => (
          <li key={sentence}>
            <Word tone={IN_SHORT[kind][0]}>{IN_SHORT[kind][1]}</Word> {sentence}
          </li>
        ))}
      </ul>
    )}
    {isShort !== true &&
      (proof.ways.length === 0 ? (
        <p>Nobody comes in: no rule that allows can ever decide.</p>
      ) : (
        <DataTable
          caption="Ways in"
          rows={proof.ways}
          rowKey={({ rule }) => rule.id}
          columns={[
            { key: 'rule', head: 'Comes in by', cell: ({ rule }) => rule.name },
            {
              key: 'except',
              head: 'Unless before',
              cell: ({ except }) => (except.length === 0 ? 'none' : except.map(({ name }) => name).join(', ')),
            },
            {
              key: 'weakest',
              head: 'With at least',
              cell: ({ weakest }) => weakest.map(({ words }) => words).join('; or '),
            },
          ]}
        />
      ))}
  </>
);
