-- wrk: sends the requests that the lines of REQUESTS describe, each once unless TURNS is set, and says in one line of JSON
-- to OUT how it went. A line is headers ("Name: value") separated by tabs.
local requests = {}
local turns = os.getenv("TURNS") ~= nil

init = function()
  for line in io.lines(os.getenv("REQUESTS")) do
    local headers = {}
    for header in line:gmatch("[^\t]+") do
      local name, value = header:match("^([^:]+):%s*(.*)$")
      headers[name] = value
    end
    requests[#requests + 1] = wrk.format("GET", nil, headers)
  end
end

local at = 0
request = function()
  at = at + 1
  if turns and at > #requests then at = 1 end
  -- Too few of them: the last one again, which a server that looks for repeats refuses, and that fails the measurement.
  return requests[math.min(at, #requests)]
end

done = function(summary, latency)
  local out = io.open(os.getenv("OUT"), "w")
  out:write(string.format('{"requests":%d,"seconds":%.6f,"p50":%.3f,"p99":%.3f,"max":%.3f,"refused":%d,"broken":%d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000,
    summary.errors.status, summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
  out:close()
end
