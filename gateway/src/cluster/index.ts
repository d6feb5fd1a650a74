export { Membership } from './membership';
