export { RateLimiter, type RateLimiterOptions } from './rate-limiter';
