import type { PolicyRuleAnswer } from '@sallyport/client/answers';
import type { ReactNode } from 'react';
import { Word } from '../word.tsx';
import { Matches } from './matches.tsx';
import { ifWords, thenWords } from './rule-words.ts';

/** Rules in the order in which they are read, in plain words, and what becomes of whom none of them fits. */
export const RuleList = ({
  rules,
  nameOf,
  toolsOf,
  isCounted = true,
  isPassedOver = false,
  heading: Heading,
}: {
  readonly rules: readonly PolicyRuleAnswer[];
  readonly nameOf: (id: string) => string;
  readonly toolsOf?: (rule: PolicyRuleAnswer, place: number) => ReactNode;
  /** False for rules that are not in force: nothing matched them. */
  readonly isCounted?: boolean;
  /** Does the next policy decide where nothing matches? */
  readonly isPassedOver?: boolean;
  /** The level below the heading that stands above the list. */
  readonly heading: 'h2' | 'h3';
}) => (
  <ol className="sp-stack sp-rules">
    {rules.map((rule, i) => {
      const then = thenWords(rule.actions);
      return (
        <li key={rule.id} className={`sp-card sp-rule${rule.status === 'ACTIVE' ? '' : ' off'}`}>
          <div className="sp-section-head">
            <Heading>
              {i + 1}. {rule.name}
            </Heading>
            {rule.system && <Word tone="quiet">always the last</Word>}
            {rule.status !== 'ACTIVE' && <Word tone="quiet">off: not read</Word>}
            {toolsOf !== undefined && <div className="sp-tools">{toolsOf(rule, i + 1)}</div>}
          </div>
          <dl className="sp-facts">
            <dt>If</dt>
            <dd>{ifWords(rule.conditions, nameOf).join(', and ')}</dd>
            <dt>Then</dt>
            <dd>
              <Word tone={then.isAllowed ? 'good' : 'bad'}>{then.isAllowed ? 'allowed' : 'denied'}</Word>
              {then.words.length > 0 && `, with ${then.words.join('; ')}`}
            </dd>
            {isCounted && (
              <>
                <dt>Matches</dt>
                <dd>
                  <Matches of={({ id }) => id === rule.id} />
                </dd>
              </>
            )}
          </dl>
        </li>
      );
    })}
    <li className="sp-quiet">
      {isPassedOver
        ? 'Nothing matched: the next policy that is for them is asked.'
        : 'Nothing matched: denied. What no rule allows is not allowed.'}
    </li>
  </ol>
);
