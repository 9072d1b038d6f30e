-- Starts a notification. KEYS: the notification. ARGV: the process that starts it, and for how long no other may.
-- Returns 1 if it is new, 0 if it was handled, 2 if another process is handling it.
local state = redis.call('GET', KEYS[1])
if not state then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 1
end
return state == 'handled' and 0 or 2
