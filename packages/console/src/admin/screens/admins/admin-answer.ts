import type { Tone } from '../../ui/word.tsx';
import type { Authenticator } from '../keys/authenticator.ts';

/** An item of `GET /sallyport/v1/admins`. */
export interface Admin {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly status: string;
  readonly roles: readonly {
    readonly type: string;
    readonly label: string;
    readonly via: { readonly id: string; readonly name: string } | null;
    readonly since: string;
  }[];
  readonly lastSignInAt: string | null;
  readonly unusedDays: number;
  readonly strongest: 'device-bound' | 'synced' | 'password' | 'none';
  readonly keys: { readonly deviceBound: number; readonly synced: number };
  readonly sessions: number;
}

/** `GET /sallyport/v1/admins/{id}`. */
export interface AdminDetail extends Admin {
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

export const STRONGEST: Readonly<Record<Admin['strongest'], { readonly tone: Tone; readonly words: string }>> = {
  'device-bound': { tone: 'good', words: 'device-bound key' },
  synced: { tone: 'warn', words: 'synced passkey' },
  password: { tone: 'warn', words: 'password only' },
  none: { tone: 'bad', words: 'none' },
};

export const statusTone = (status: string): Tone =>
  status === 'ACTIVE' ? 'good' : status === 'SUSPENDED' || status === 'DEPROVISIONED' ? 'bad' : 'warn';

export const statusWords = (status: string): string => status.toLowerCase().replace('deprovisioned', 'deactivated');
