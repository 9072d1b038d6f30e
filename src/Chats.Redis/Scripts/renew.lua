-- Renews the leases of calls in progress. KEYS: the business, its permits. ARGV: lease, expiry, '1' to add calls that are unknown here, then the
-- members. Returns the members that are unknown and were not added: they have ended, or were lost.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'lost', now, 'hold', now + ARGV[1])
end
-- After a first write that needs no memory, Redis refuses no other one, even if its memory is full.
redis.call('PEXPIRE', KEYS[1], ARGV[2])
local unknown = {}
for i = 4, #ARGV do
  if ARGV[3] == '1' or redis.call('ZSCORE', KEYS[2], ARGV[i]) then
    redis.call('ZADD', KEYS[2], now + ARGV[1], ARGV[i])
  else
    unknown[#unknown + 1] = ARGV[i]
  end
end
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return unknown
