import { useQuery } from '@tanstack/react-query';
import { QueryView } from '../../ui/query-view.tsx';
import { AppModes } from '../../ui/session-binding/app-modes.tsx';
import { AXES } from '../../ui/session-binding/binding-draft.ts';
import { BindingEditor, protectionQuery } from '../../ui/session-binding/binding-editor.tsx';
import { AXIS_WORDS, INHERITED, MODE_LABELS, MODE_SENTENCES } from '../../ui/session-binding/mode-words.ts';

/** How sessions of the app are bound: its own mode where it has one, else the org's. */
export const AppBinding = ({ appKey }: { readonly appKey: string }) => {
  const query = useQuery(protectionQuery);
  return (
    <QueryView query={query} what="the session binding" rows={3}>
      {(protection) => (
        <BindingEditor title="What its sessions are held to" protection={protection}>
          {(draft, edit) => (
            <>
              <dl className="sp-facts">
                {AXES.map((axis) => {
                  const own = draft.apps[appKey]?.[axis];
                  const mode = own ?? draft[axis];
                  return [
                    <dt key={`${axis} name`}>{AXIS_WORDS[axis]}</dt>,
                    <dd key={axis}>
                      <strong>{MODE_LABELS[mode]}</strong>, {own === undefined ? INHERITED.toLowerCase() : 'its own'}.{' '}
                      {MODE_SENTENCES[axis][mode]}
                    </dd>,
                  ];
                })}
              </dl>
              {edit !== null && (
                <AppModes apps={protection.apps.filter(({ key }) => key === appKey)} draft={draft} edit={edit} />
              )}
              <p className="sp-quiet">A session obeys the strictest of the apps that it reaches.</p>
            </>
          )}
        </BindingEditor>
      )}
    </QueryView>
  );
};
