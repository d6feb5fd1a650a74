export { type DoubleClock, systemDoubleClock, Validity } from './clock';
export { Membership, type MembershipOptions } from './membership';
