import type { AppAnswer } from '@sallyport/client/answers';
import { Fragment } from 'react';
import { CopyId } from '../../ui/copyable.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Section } from '../../ui/page.tsx';
import { groupsOf, isOrdered, type Policy, TYPES } from '../../ui/policies/policy-words.ts';
import { settingRows } from '../../ui/policies/setting-words.ts';
import { Word } from '../../ui/word.tsx';

/** What a policy for people asks of them, or leaves them. */
export const PolicySettings = ({ policy }: { readonly policy: Policy }) => (
  <Section title="What holds" lead="Wherever they are, and whether or not a rule matches.">
    <dl className="sp-facts">
      {settingRows(policy.settings).map(([what, words]) => (
        <Fragment key={what}>
          <dt>{what}</dt>
          <dd>{words}</dd>
        </Fragment>
      ))}
    </dl>
  </Section>
);

/** What a policy is, for whom, and what it judges. */
export const PolicyFacts = ({
  policy,
  apps,
  nameOf,
}: {
  readonly policy: Policy;
  /** Null: not part of the role. */
  readonly apps: readonly AppAnswer[] | null;
  readonly nameOf: (id: string) => string;
}) => (
  <Section title="What it is">
    <dl className="sp-facts">
      <dt>Decides</dt>
      <dd>{TYPES[policy.type]?.decides ?? policy.type}</dd>
      {policy.description !== null && (
        <>
          <dt>What it is for</dt>
          <dd>{policy.description}</dd>
        </>
      )}
      <dt>Status</dt>
      <dd>
        {policy.status === 'ACTIVE' ? (
          <Word tone="good">on</Word>
        ) : (
          <Word tone="quiet">{policy.type === 'ACCESS_POLICY' ? 'off: its apps let nobody in' : 'off: not asked'}</Word>
        )}
      </dd>
      {isOrdered(policy) && (
        <>
          <dt>For</dt>
          <dd>{groupsOf(policy).map(nameOf).join(', ') || 'everybody'}</dd>
          <dt>Asked</dt>
          <dd>{policy.system ? 'last' : `as number ${policy.priority}`}</dd>
        </>
      )}
      {policy.type === 'ACCESS_POLICY' && (
        <>
          <dt>Judges</dt>
          <dd>
            {apps === null ? (
              <span className="sp-quiet">apps are not part of your role</span>
            ) : apps.length === 0 ? (
              'no app'
            ) : (
              <ul>
                {apps.map((app) => (
                  <li key={app.id}>
                    <GoTo href={`/apps/${app.id}`}>{app.label}</GoTo>
                  </li>
                ))}
              </ul>
            )}
          </dd>
        </>
      )}
      <dt>Changed</dt>
      <dd>
        <Instant at={policy.lastUpdated} />
      </dd>
      <dt>Id</dt>
      <dd>
        <CopyId id={policy.id} />
      </dd>
    </dl>
  </Section>
);
