import { Button } from '@mantine/core';
import type { SealedAnswer } from '@sallyport/client/answers';
import { CopyLine } from '../../ui/copyable.tsx';
import { Dialog } from '../../ui/dialog.tsx';

/** One paper: all that whoever opens its envelope has to know, for on that day they have nothing else. */
const Paper = ({
  sealed,
  text,
  place,
}: {
  readonly sealed: SealedAnswer;
  readonly text: string;
  readonly place: number;
}) => (
  <section className="sp-paper">
    {sealed.split !== null && <h3>{`Share ${text.charAt(0)}, ${place} of ${sealed.split.count}`}</h3>}
    <CopyLine text={text} label={sealed.split === null ? 'sealed secret' : `share ${text.charAt(0)}`} />
    <dl className="sp-facts">
      {sealed.split !== null && (
        <>
          <dt>Needed</dt>
          <dd>{`${sealed.split.needed} of the ${sealed.split.count} shares, any of them`}</dd>
        </>
      )}
      <dt>Sign in at</dt>
      <dd>
        {`${window.location.origin}/sign-in, with “Use a password instead”${sealed.split === null ? '' : ', “Use shares of a secret”'}`}
      </dd>
      <dt>Name</dt>
      <dd>{sealed.login}</dd>
      <dt>From</dt>
      <dd>{[...sealed.networks.primary, ...sealed.networks.secondary, ...sealed.networks.tertiary].join(', ')}</dd>
      <dt>Then</dt>
      <dd>Touch one of its hardware keys, and say why you opened it. Everybody is told at once.</dd>
    </dl>
    <p className="sp-quiet">The last character of each group checks it. There is no 0, 1, I, L or O in it.</p>
  </section>
);

/** The secret or its shares, once. Only the button closes it: whoever closes it unread has to seal the account anew. */
export const SealedSecret = ({ sealed, onClose }: { readonly sealed: SealedAnswer; readonly onClose: () => void }) => {
  const texts = sealed.shares ?? [sealed.secret ?? ''];
  return (
    <Dialog
      title={`The sealed secret of ${sealed.login}`}
      onClose={onClose}
      closeOnEscape={false}
      closeOnClickOutside={false}
      withCloseButton={false}
    >
      <div className="sp-stack">
        <p>
          {sealed.split === null
            ? 'Print this, put it into an envelope, and lock that away. It is shown this once, and stands nowhere else.'
            : `Any ${sealed.split.needed} of these ${sealed.split.count} open it, and fewer tell nothing. Print them, put each into an envelope of its own, and give those to different people. They are shown this once.`}
        </p>
        {texts.map((text, i) => (
          <Paper key={text} sealed={sealed} text={text} place={i + 1} />
        ))}
        <div className="sp-actions">
          <Button variant="default" onClick={() => window.print()}>
            Print
          </Button>
          <Button onClick={onClose}>{sealed.split === null ? 'It is sealed' : 'They are sealed'}</Button>
        </div>
      </div>
    </Dialog>
  );
};
