-- Ends a notification. KEYS: the notification. ARGV: the process that started it, and how long to remember it as handled; 0 forgets it.
if ARGV[2] ~= '0' then
  redis.call('SET', KEYS[1], 'handled', 'PX', ARGV[2])
elseif redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
