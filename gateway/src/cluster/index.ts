
export { Membership } from './membership';
