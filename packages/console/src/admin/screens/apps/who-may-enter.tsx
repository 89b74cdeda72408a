import { useQuery } from '@tanstack/react-query';
import { get } from '../../api.ts';
import { CliFor } from '../../ui/copyable.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Section } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { durationWords } from '../../ui/time-words.ts';
import { Word } from '../../ui/word.tsx';

interface Selection {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}
/** An item of `GET /api/v1/policies/{id}/rules`. */
interface Rule {
  readonly id: string;
  readonly name: string;
  readonly priority: number;
  readonly status: string;
  readonly conditions: {
    readonly people?: { readonly users?: Selection | null; readonly groups?: Selection | null } | null;
    readonly network?: { readonly connection: string } | null;
  } | null;
  readonly actions: {
    readonly appSignOn?: {
      readonly access: string;
      readonly verificationMethod?: { readonly factorMode?: string; readonly reauthenticateIn?: string | null };
    };
  };
}

const count = (list: readonly string[] | undefined, one: string, many: string): string[] =>
  list === undefined || list.length === 0 ? [] : [`${list.length} ${list.length === 1 ? one : many}`];

const whoOf = ({ conditions }: Rule): string => {
  const { users, groups } = conditions?.people ?? {};
  const named = [...count(users?.include, 'person', 'people'), ...count(groups?.include, 'group', 'groups')];
  const but = [...count(users?.exclude, 'person', 'people'), ...count(groups?.exclude, 'group', 'groups')];
  const where = conditions?.network?.connection === 'ZONE' ? ', from certain zones' : '';
  return `${named.length === 0 ? 'everybody' : named.join(' and ')}${but.length === 0 ? '' : `, but ${but.join(' and ')}`}${where}`;
};

/** `PT2H` in words. */
const ageWords = (duration: string | null | undefined): string => {
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration ?? '') ?? [];
  const all = Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  if (duration == null) return 'of any age';
  return all === 0 ? 'each time' : `at most ${durationWords(all)} ago`;
};

/** The rules of an app's own policy, the first that fits decides. */
export const WhoMayEnter = ({ policyPath }: { readonly policyPath: string }) => {
  const path = `${policyPath}/rules`;
  const query = useQuery({ queryKey: [path], queryFn: () => get<readonly Rule[]>(path) });
  return (
    <Section title="Who may enter" lead="The first rule that fits decides. It is judged when somebody opens the app.">
      <QueryView query={query} what="the rules">
        {(rules) => (
          <DataTable
            caption="Rules of the app’s policy"
            rows={rules.filter(({ status }) => status === 'ACTIVE')}
            rowKey={({ id }) => id}
            columns={[
              { key: 'name', head: 'Rule', cell: ({ name }) => name },
              { key: 'who', head: 'Who', cell: whoOf },
              {
                key: 'access',
                head: 'Access',
                cell: ({ actions }) =>
                  actions.appSignOn?.access === 'ALLOW' ? (
                    <Word tone="good">allowed</Word>
                  ) : (
                    <Word tone="quiet">denied</Word>
                  ),
              },
              {
                key: 'proof',
                head: 'Sign-in',
                cell: ({ actions: { appSignOn } }) =>
                  appSignOn?.access === 'ALLOW' ? ageWords(appSignOn.verificationMethod?.reauthenticateIn) : '',
              },
            ]}
          />
        )}
      </QueryView>
      <CliFor command={`sallyport api GET ${path}`} />
    </Section>
  );
};
