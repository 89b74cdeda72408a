import type { RoleType } from '@sallyport/model/roles';

/** Somebody of the demo's organisation: where they work from, and what they may do. */
export interface DemoPerson {
  readonly login: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly role: RoleType | null;
  readonly address: string;
  /** The hour, UTC, at which they usually begin. */
  readonly beginsAtHour: number;
}

/** Documentation ranges (RFC 5737) as networks, so that nobody real stands in the demo. */
export const DEMO_NETWORKS = [
  'start,end,asn,organisation',
  '198.51.100.0,198.51.100.127,64496,Northwind Fibre',
  '198.51.100.128,198.51.100.255,64497,Harbour Mobile',
  '203.0.113.0,203.0.113.255,64511,Cheap Servers Ltd',
  '192.0.2.0,192.0.2.255,64498,Contoso Office',
].join('\n');

export const OWNER: DemoPerson = {
  login: 'ana.ruiz@contoso.example',
  firstName: 'Ana',
  lastName: 'Ruiz',
  role: 'SUPER_ADMIN',
  address: '192.0.2.20',
  beginsAtHour: 7,
};

export const STAFF: readonly DemoPerson[] = [
  {
    login: 'bo.lindqvist@contoso.example',
    firstName: 'Bo',
    lastName: 'Lindqvist',
    role: 'SUPER_ADMIN',
    address: '192.0.2.21',
    beginsAtHour: 8,
  },
  {
    login: 'chi.okafor@contoso.example',
    firstName: 'Chi',
    lastName: 'Okafor',
    role: 'ORG_ADMIN',
    address: '198.51.100.7',
    beginsAtHour: 8,
  },
  {
    login: 'dana.weiss@contoso.example',
    firstName: 'Dana',
    lastName: 'Weiss',
    role: 'HELP_DESK_ADMIN',
    address: '192.0.2.23',
    beginsAtHour: 9,
  },
  {
    login: 'eli.moreau@contoso.example',
    firstName: 'Eli',
    lastName: 'Moreau',
    role: 'USER_ADMIN',
    address: '198.51.100.40',
    beginsAtHour: 7,
  },
  {
    login: 'lee.park@contoso.example',
    firstName: 'Lee',
    lastName: 'Park',
    role: 'ORG_ADMIN',
    address: '198.51.100.52',
    beginsAtHour: 9,
  },
  {
    login: 'mina.sato@contoso.example',
    firstName: 'Mina',
    lastName: 'Sato',
    role: 'READ_ONLY_ADMIN',
    address: '192.0.2.30',
    beginsAtHour: 10,
  },
  {
    login: 'omar.haddad@contoso.example',
    firstName: 'Omar',
    lastName: 'Haddad',
    role: 'REPORT_ADMIN',
    address: '198.51.100.61',
    beginsAtHour: 8,
  },
];

/** Whoever runs the demo: a super admin without a key yet. */
export const VISITOR: DemoPerson = {
  login: 'you@contoso.example',
  firstName: 'You',
  lastName: 'Yourself',
  role: 'SUPER_ADMIN',
  address: '127.0.0.1',
  beginsAtHour: 9,
};

/** Ordinary people, who hold no role. */
export const EVERYBODY_ELSE = [
  'Priya Nair',
  'Tomas Novak',
  'Greta Olsen',
  'Yusuf Demir',
  'Ines Costa',
  'Hugo Martin',
  'Noor Jansen',
  'Ruth Adler',
  'Sam Whitlock',
  'Vera Kowalska',
  'Wim de Boer',
  'Zoe Laurent',
] as const;
