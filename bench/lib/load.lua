-- wrk: posts BODY, or sends the requests that the lines of REQUESTS describe, each once unless TURNS is set; and says in one
-- line of JSON to OUT how it went. A line is headers ("Name: value") separated by tabs.
local body, file, turns = os.getenv("BODY"), os.getenv("REQUESTS"), os.getenv("TURNS") ~= nil
local requests, at = {}, 0

if body then
  wrk.method = "POST"
  wrk.body = body
  wrk.headers["Content-Type"] = "application/json"
else
  init = function()
    for line in io.lines(file) do
      local headers = {}
      for header in line:gmatch("[^\t]+") do
        local name, value = header:match("^([^:]+):%s*(.*)$")
        headers[name] = value
      end
      requests[#requests + 1] = wrk.format("GET", nil, headers)
    end
  end

  request = function()
    at = at + 1
    if turns and at > #requests then at = 1 end
    -- Too few of them: the last one again, which a server that looks for repeats refuses, and that fails the measurement.
    return requests[math.min(at, #requests)]
  end
end

done = function(summary, latency)
  local out = io.open(os.getenv("OUT"), "w")
  out:write(string.format('{"requests":%d,"seconds":%.6f,"p50":%.3f,"p99":%.3f,"max":%.3f,"refused":%d,"broken":%d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000,
    summary.errors.status, summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
  out:close()
end
