-- Acquires a permit. ARGV: 8 how long ago the business's state was lost if it is missing, or 'ask', 9 the limit of parallel calls, 10 '1' if
-- there were calls without Redis.
-- Returns {1, granted at, end of the window, remaining}, {0, wait, or -1 if only calls in progress have to end}, or {-1} if the caller first
-- has to find out for how long Redis has kept its data.
if redis.call('EXISTS', business) == 0 then
  if ARGV[8] == 'ask' then
    return {-1}
  end
  -- After a loss, earlier calls may still be in progress: no permit is granted until their leases would have expired.
  local lost = now - ARGV[8]
  redis.call('HSET', business, 'lost', lost, 'hold', lost + lease)
end
redis.call('PEXPIRE', business, expiry)
load()

local running, in_flight = 0, 0
local held = redis.call('ZRANGE', permits, 0, -1, 'WITHSCORES')
for i = 1, #held, 2 do
  local ours = string.sub(held[i], 1, #operation + 1) == operation .. '|'
  if tonumber(held[i + 1]) > now + lease then
    -- The clock of Redis was set back. If its process is alive, it renews the permit.
    redis.call('ZADD', permits, now + lease, held[i])
  end
  if tonumber(held[i + 1]) > now then
    running, in_flight = running + 1, in_flight + (ours and 1 or 0)
  elseif ours then
    -- Its process died. It is unknown whether the service counted the call.
    redis.call('ZREM', permits, held[i])
    redis.call('ZADD', unclear, held[i + 1], held[i])
  end
end

if ARGV[10] == '1' then
  q.doubt = now
end

local used = settled()
local remaining = q.limit - used - in_flight
local may_probe = q.reported < q.limit and in_flight == 0
local has_room = (remaining > 0 or (may_probe and now >= q.probe)) and (q.doubt == 0 or in_flight == 0)
local hold = field('hold') or 0
if hold > now + lease then
  hold = now + lease
  redis.call('HSET', business, 'hold', hold)
end

if now >= hold and running < tonumber(ARGV[9]) and has_room then
  q.probe = now + probe_interval
  redis.call('ZADD', permits, now + lease, member)
  save()
  return {1, now, q.ends, math.max(0, remaining - 1)}
end

save()
local wait = -1
if used >= q.limit then
  local to_probe = math.max(0, q.probe - now)
  wait = q.ends - now - skew
  if may_probe and to_probe < wait then
    wait = to_probe
  end
end
return {0, now < hold and math.max(wait, hold - now) or wait}
