-- Renews the leases of calls in progress. KEYS: the business, its places. ARGV: lease, expiry, then the members.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'lost', now, 'hold', now + ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
for i = 3, #ARGV do
  redis.call('ZADD', KEYS[2], now + ARGV[1], ARGV[i])
end
redis.call('PEXPIRE', KEYS[2], ARGV[2])
