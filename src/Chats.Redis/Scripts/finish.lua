-- Ends a notification. KEYS: the notification. ARGV: the process that started it, and how long to remember it as handled; 0 forgets it.
if ARGV[2] ~= '0' then
  if redis.call('EXISTS', KEYS[1]) == 1 then
    -- After a first write that needs no memory, Redis refuses no other one, even if its memory is full.
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
  end
  redis.call('SET', KEYS[1], 'handled', 'PX', ARGV[2])
elseif redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
