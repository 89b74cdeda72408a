import { CopyLine } from '../../ui/copyable.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { type Tone, Word } from '../../ui/word.tsx';
import type { Finding } from './overview-answer.ts';

const TONE: Readonly<Record<Finding['severity'], Tone>> = { critical: 'bad', warning: 'warn', note: 'info' };

/** What is wrong now, the worst first: a sentence, where it is mended, and on request what it means for whom. */
export const Findings = ({ findings, at }: { readonly findings: readonly Finding[]; readonly at: string }) =>
  findings.length === 0 ? (
    <p className="sp-finding-none">
      <Word tone="good">Nothing is wrong now</Word>{' '}
      <span className="sp-quiet">
        as of <Instant at={at} />
      </span>
    </p>
  ) : (
    <ul className="sp-findings">
      {findings.map(({ kind, severity, sentence, securityImpact, peopleImpact, href, command }) => (
        <li key={kind} className="sp-finding" data-kind={kind}>
          <Word tone={TONE[severity]}>{severity}</Word>
          <div>
            <p>
              {sentence}{' '}
              {href !== null && (
                <GoTo href={href} className="sp-nowrap" isOnlyLink>
                  <span className="sp-unseen">{sentence} </span>Look
                </GoTo>
              )}
            </p>
            <details>
              <summary>
                What it means<span className="sp-unseen">: {sentence}</span>
              </summary>
              <dl className="sp-facts">
                <dt>For security</dt>
                <dd>{securityImpact}</dd>
                <dt>For people</dt>
                <dd>{peopleImpact}</dd>
                {command !== null && (
                  <>
                    <dt>In a terminal</dt>
                    <dd>
                      <CopyLine text={command} label="command" />
                    </dd>
                  </>
                )}
              </dl>
            </details>
          </div>
        </li>
      ))}
    </ul>
  );
