-- A FileIngestPipeline. Its own conditions say which part lacks what; function/src/status.ts writes them.

local conditions = {}
for _, condition in ipairs((obj.status or {}).conditions or {}) do
  conditions[condition.type] = condition
end
local synced = conditions.Synced or {}
local ready = conditions.Ready or {}

if ((obj.metadata.annotations or {})["crossplane.io/paused"]) == "true" or synced.reason == "ReconcilePaused" then
  return { status = "Suspended", message = "Paused: Crossplane changes nothing, and deletes nothing" }
end
if synced.status == nil then
  return { status = "Progressing", message = "Crossplane has not looked at it yet" }
end
-- Crossplane writes into the spec itself, so this is seen for a moment after each wave of resources.
if synced.observedGeneration ~= nil and synced.observedGeneration < obj.metadata.generation then
  return { status = "Progressing", message = "Crossplane has not looked at the change yet" }
end
-- A wrong spec, told by the function, or a reconcile that failed, which is shown for as long as it fails: Crossplane retries within
-- seconds.
if synced.status == "False" then
  return { status = "Degraded", message = synced.message }
end

-- Argo CD gives Lua no string functions, but strings can be compared.
local function starts_with(text, start)
  return text ~= nil and text >= start and text < start .. "\255"
end

-- A resource that waits for another one it points to is unsynced for seconds in every pipeline, and comes by itself.
local function waits_for_reference(message)
  for _, ref in ipairs((obj.spec.crossplane or {}).resourceRefs or {}) do
    if starts_with(message, ref.kind .. " " .. (ref.name or "") .. ": cannot resolve references") then
      return true
    end
  end
  return false
end

local waiting = {}
for _, area in ipairs({ "Storage", "Code", "Workflow", "Trigger" }) do
  local condition = conditions[area .. "Ready"]
  if condition ~= nil and condition.status ~= "True" then
    local text = condition.type .. ", " .. condition.reason .. ": " .. (condition.message or "")
    -- AWS refused a resource. One that was made before stays Ready, and with it the claim, so this is looked at first.
    if condition.reason == "ReconcileError" and not waits_for_reference(condition.message) then
      return { status = "Degraded", message = text }
    end
    -- Only people can give it: all else that is waited for comes by itself.
    if condition.reason == "WaitingForLayer" then
      return { status = "Degraded", message = text }
    end
    table.insert(waiting, text)
  end
end

if ready.status == "True" then
  return { status = "Healthy", message = "All parts are ready" }
end
-- The circuit breaker is open: each step takes up to half a minute.
local responsive = conditions.Responsive or {}
if responsive.status == "False" then
  table.insert(waiting, responsive.type .. ", " .. responsive.reason .. ": " .. (responsive.message or ""))
end
if #waiting == 0 then
  table.insert(waiting, ready.message or ready.reason or "Not ready yet")
end
return { status = "Progressing", message = table.concat(waiting, "\n") }
