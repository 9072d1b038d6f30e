-- Ends a call: releases its permit and counts its response. ARGV: 8 'unsent', 'none' or 'response', 9 granted at, 10 the end of its window,
-- 11 status, 12 '1' for a 420 of the quota; the headers, empty if missing: 13 limit, 14 remaining, 15 reset, 16 date.
redis.call('ZREM', permits, member)
-- Do not recreate lost state here: the next call would take it for complete.
if redis.call('EXISTS', business) == 0 or ARGV[8] == 'unsent' then
  return
end
local granted, lease_ends = tonumber(ARGV[9]), tonumber(ARGV[10])
local status, exhausted = tonumber(ARGV[11]) or 0, ARGV[12] == '1'
local limit, left, resets, date = tonumber(ARGV[13]), tonumber(ARGV[14]), tonumber(ARGV[15]), tonumber(ARGV[16])

local function set_skew(value)
  skew = value
  redis.call('HSET', business, 'skew', value)
end

-- The Date header is rounded down and arrives late, so it is never ahead of the service's clock: the largest skew is the most precise.
if date and math.abs(date - now) <= 900000 and date - now > (field('skew') or -math.huge) then
  set_skew(date - now)
end
-- Both times are the service's, and they agree: the clock of Redis is far off.
local is_far_off = exhausted and date and resets and resets > date and resets <= date + window and math.abs(date - now) > 900000
if is_far_off then
  set_skew(date - now)
end
load()
q.probe = now + probe_interval

-- Without a Date: if a request that was made after the end is still rejected, the service's clock is before the end, by an unknown time. So it
-- is asked again a minute later, like a probe.
local proves_skew = exhausted and resets and granted + skew >= resets and now - resets <= 900000
local service_time = date or proves_skew and resets - probe_interval

local belongs, stale = lease_ends == q.ends, false
if is_far_off then
  q.ends, belongs, q.guess = resets, true, 0
elseif resets and resets <= (date or now + skew) + window + max_transit and resets >= granted + skew - window then
  if resets > q.ends then
    begin(resets)
    belongs, q.guess = true, 0
  elseif resets > now + skew then
    if q.guess == 1 then
      q.ends = resets
    end
    belongs, q.guess = true, 0
  elseif exhausted and service_time and service_time < resets then
    -- It proves that the assumed time was ahead of the service's.
    set_skew(service_time - now)
    q.ends, belongs, q.guess = resets, true, 0
  else
    stale = lease_ends < q.ends
  end
end

-- The service does not count calls that it responded to with a 5xx, nor those with an invalid key; if it does, later headers say so.
local counted = status ~= 401 and (status < 500 or status > 599)
if belongs then
  if ARGV[8] == 'response' and status >= 200 and status < 500 and (status < 300 or status >= 400)
    and status ~= 401 and status ~= 420 and status ~= 429 then
    q.certain = q.certain + 1
  end
  local allowed = limit or q.limit
  if left and left >= 0 and allowed > 0 and left <= allowed then
    q.limit, q.reported = allowed, math.max(q.reported, allowed - left)
    forget_unclear(granted - max_transit)
    if granted >= q.doubt then
      q.doubt = 0
    end
  elseif counted then
    redis.call('ZADD', unclear, now, member)
  end
  if exhausted then
    q.reported = math.max(q.reported, q.limit)
  end
elseif counted and not stale then
  redis.call('ZADD', unclear, now, member)
end
if (status == 420 or status == 429) and not exhausted then
  -- Other programs use the business as well, and it is unknown for how long.
  redis.call('HSET', business, 'hold', math.max(field('hold') or 0, now + 500))
end
save()
