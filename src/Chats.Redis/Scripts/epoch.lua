-- Returns for how many milliseconds this Redis has kept its data. KEYS: the epoch. ARGV: its expiry.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
redis.call('SET', KEYS[1], now, 'NX')
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return now - redis.call('GET', KEYS[1])
