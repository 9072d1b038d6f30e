-- Returns for how many milliseconds this Redis has kept its data. KEYS: the epoch. ARGV: its expiry.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local epoch = tonumber(redis.call('GET', KEYS[1]) or nil)
if not epoch or epoch > now then
  -- It has lost its data, or its clock was set back.
  epoch = now
  redis.call('SET', KEYS[1], epoch)
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return now - epoch
