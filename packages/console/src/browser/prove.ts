import { byId, say, whileBusy } from './dom.ts';
import { proofAskedIn, proveSession } from './prove-session.ts';

const again = byId('again', HTMLButtonElement);
const asked = proofAskedIn({ sallyport: JSON.parse(byId('asked', HTMLElement).dataset['asked'] ?? '{}') as unknown });

/** The page that was asked for is loaded once the server knows the browser again; who cannot prove it signs in. */
const prove = async (): Promise<void> => {
  if (asked !== null && (await proveSession(asked))) return location.reload();
  if (navigator.onLine)
    return location.replace(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
  say(byId('status', HTMLElement), 'The server does not answer. Check the connection and try again.');
  again.hidden = false;
};

again.addEventListener('click', () => void whileBusy([again], prove));
void prove();
