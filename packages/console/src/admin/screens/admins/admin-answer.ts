import type { AdminAnswer } from '@sallyport/client/answers';
import type { Tone } from '../../ui/word.tsx';
import type { Authenticator } from '../keys/authenticator.ts';

export type { AdminAnswer as Admin };

/** `GET /sallyport/v1/admins/{id}`. */
export interface AdminDetail extends AdminAnswer {
  readonly factors: readonly Authenticator[];
  readonly hasPassword: boolean;
  readonly liveSessions: readonly {
    readonly id: string;
    readonly device: string;
    readonly address: string;
    readonly network: string;
    readonly createdAt: string;
    readonly lastActivityAt: string;
  }[];
}

export const STRONGEST: Readonly<Record<AdminAnswer['strongest'], { readonly tone: Tone; readonly words: string }>> = {
  'device-bound': { tone: 'good', words: 'device-bound key' },
  synced: { tone: 'warn', words: 'synced passkey' },
  password: { tone: 'warn', words: 'password only' },
  none: { tone: 'bad', words: 'none' },
};
