import type { PlantedBug } from './planted-bug.ts';
import { withStore } from './planting.ts';
import {
  beginOutOfTurn,
  believePaidNotice,
  followBackwards,
  isServiceCommand,
  noteOverAnother,
  rebuildCompletion,
  sendFirst,
  takeSilenceForRefusal,
  withKind,
  withPayscore,
} from './planting-payscore.ts';

type Planted = Omit<PlantedBug, 'isPayscore'>;

/** Mistakes about plans, signatures and services; each is looked for in schedules of a plan alone. */
export const plantedPayscoreBugs: readonly PlantedBug[] = plant([
  {
    name: 'a service is paid because a notice says so',
    within: 300,
    breaks: /service-order\.(?:paid|review).* although/,
    ports: believePaidNotice,
  },
  {
    name: 'the end of a service is made anew each time it is completed',
    within: 300,
    breaks: /never stood in its record/,
    ports: rebuildCompletion,
  },
  {
    name: 'a detail is begun whatever became of the ones before it',
    within: 300,
    breaks: /before the ones before it are over/,
    createServiceOrder: beginOutOfTurn,
  },
  {
    name: 'a command is sent before it is written',
    within: 300,
    breaks: /never stood in its record/,
    commandServiceOrder: sendFirst,
  },
  {
    name: 'a launch without an answer counts as refused',
    within: 500,
    breaks: /create-sign-plan passes for refused/,
    ports: (ports) => takeSilenceForRefusal(ports, (name) => name === 'create-sign-plan'),
  },
  {
    name: 'a command without an answer counts as refused',
    within: 500,
    breaks: /passes for refused/,
    ports: (ports) => takeSilenceForRefusal(ports, isServiceCommand),
  },
  {
    name: 'a command of which nobody knows counts as done',
    within: 300,
    breaks: /passes for done|told no query of ours so/,
    ports: (ports) =>
      withKind(ports, 'service-order', (subject, record) => ({
        ...subject,
        consider: async (look) => {
          const { data } = record;
          const found = await subject.consider(look);
          return found.decision.type === 'unknown' && 'pending' in data
            ? {
                ...found,
                decision: {
                  type: 'commit',
                  change: {
                    patch: { set: { ended: endedAs(data['pending']) }, unset: ['pending'] },
                    events: [],
                    evidence: 'accepted',
                  },
                },
              }
            : found;
        },
      })),
  },
  {
    name: 'what was charged is not compared with what was agreed',
    within: 500,
    breaks: /what was agreed was not paid \(I1\)/,
    ports: (ports) =>
      withPayscore(ports, (gateway) => ({
        queryServiceOrder: async (account, asked) => {
          const evidence = await gateway.queryServiceOrder(account, asked);
          return evidence.type === 'state' && evidence.totalFen !== undefined
            ? { ...evidence, paidFen: evidence.totalFen }
            : evidence;
        },
      })),
  },
  {
    name: 'whoever pays for a service is the payer',
    within: 500,
    breaks: /what was agreed was not paid \(I1\)/,
    ports: (ports) =>
      withPayscore(ports, (gateway) => ({
        queryServiceOrder: async (account, asked) => {
          const evidence = await gateway.queryServiceOrder(account, asked);
          if (evidence.type !== 'state') {
            return evidence;
          }
          const { openid: _, ...rest } = evidence;
          return rest;
        },
      })),
  },
  {
    name: 'a sign plan does not hear what became of its service',
    within: 300,
    breaks: /was not told when that was cleared|its turn has come|says otherwise/,
    ports: (ports) => withKind(ports, 'service-order', ({ tells: _, ...subject }) => subject),
  },
  {
    name: 'nobody is to look after a command was written',
    within: 300,
    breaks: /nobody is to look at it/,
    ports: (ports) =>
      withStore(ports, {
        commit: ({ dueAt, ...commit }) =>
          ports.store.commit(
            commit.patch.set?.['pending'] === undefined && dueAt !== undefined
              ? { ...commit, dueAt }
              : commit,
          ),
      }),
  },
  {
    name: 'a second command is noted over one that waits',
    within: 300,
    breaks: /for another command/,
    commandServiceOrder: noteOverAnother,
  },
  {
    name: 'an old answer takes a service back',
    within: 2000,
    breaks: /moved from COMPLETED to DOING/,
    ports: followBackwards,
  },
  {
    name: 'a launched sign plan is left to its notice',
    within: 300,
    breaks: /nobody is to look at it/,
    ports: (ports) =>
      withKind(ports, 'sign-plan', (subject, { status }) => ({
        ...subject,
        settled: subject.settled || status === 'UNSIGNED',
        rests: subject.rests || status === 'UNSIGNED',
      })),
  },
  {
    name: 'a service at price 0 waits for its payment',
    within: 300,
    breaks: /rests as|DONE at WeChat|has come to rest|got [0-9]+ wakes/,
    ports: (ports) =>
      withPayscore(ports, (gateway) => ({
        queryServiceOrder: async (account, asked) => {
          const evidence = await gateway.queryServiceOrder(account, asked);
          return evidence.type === 'state' && evidence.need_collection === false
            ? { ...evidence, state: 'DOING', state_description: 'MCH_COMPLETE' }
            : evidence;
        },
      })),
  },
]);

function plant(bugs: readonly Planted[]): readonly PlantedBug[] {
  return bugs.map((bug) => ({ ...bug, isPayscore: true }));
}

function endedAs(pending: unknown) {
  const { name, sha256 } = pending as { readonly name: string; readonly sha256: string };
  return { name, sha256, outcome: 'done' };
}
