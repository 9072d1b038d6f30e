-- Shared by the scripts that count calls. KEYS: the business, its permits (one for each call in progress), the quota of the operation, its
-- calls with an unclear outcome.
-- ARGV: 1 operation, 2 the call's permit, a member of that set, 3 window, 4 maximum transit time, 5 lease, 6 probe interval, 7 the contract's quota.
-- All times are milliseconds. Windows follow the service's clock: the clock of Redis plus the skew, which is known from responses.
local business, permits, quota, unclear = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local operation, member = ARGV[1], ARGV[2]
local window, max_transit, lease, probe_interval = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local expiry = 2 * window + lease

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local function field(name)
  return tonumber(redis.call('HGET', business, name) or nil)
end

local skew = field('skew') or 0
local q = {}

local function forget_unclear(before)
  redis.call('ZREMRANGEBYSCORE', unclear, '-inf', before)
end

local function begin(ends)
  q.ends, q.reported, q.certain, q.doubt = ends, 0, 0, 0
  -- A request that was on its way at the start of the window may have arrived in it.
  forget_unclear(ends - window - skew - max_transit)
end

local function advance()
  local time = now + skew
  if time >= q.ends then
    -- The service's windows need not begin on the hour, so the next end is computed from the reported one.
    begin(q.ends + (math.floor((time - q.ends) / window) + 1) * window)
    q.guess = 1
  end
end

local function load()
  local names = {'ends', 'guess', 'limit', 'reported', 'certain', 'probe', 'doubt'}
  local values = redis.call('HMGET', quota, unpack(names))
  for i, name in ipairs(names) do
    q[name] = tonumber(values[i] or nil) or 0
  end
  -- The clock of Redis may have been set back since.
  q.doubt, q.probe = math.min(q.doubt, now), math.min(q.probe, now + probe_interval)
  if q.ends > 0 then
    return advance()
  end
  q.ends, q.guess, q.limit = (math.floor((now + skew) / window) + 1) * window, 1, tonumber(ARGV[7])
  -- If the state may have been lost in this window, whose start is a guess, the count is unknown until a response reports it.
  local lost = math.min(field('lost') or 0, now)
  q.doubt = now < lost + window + lease and lost or 0
end

local function save()
  local fields = {}
  for name, value in pairs(q) do
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  end
  redis.call('HSET', quota, unpack(fields))
  for _, key in ipairs(KEYS) do
    redis.call('PEXPIRE', key, expiry)
  end
end

local function settled()
  return math.max(q.reported + redis.call('ZCARD', unclear), q.certain)
end
