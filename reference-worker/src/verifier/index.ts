export { verifierEngine } from './engine';
