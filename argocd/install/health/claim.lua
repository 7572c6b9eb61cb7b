-- The health of a FileIngestPipeline. Its own conditions, from function/src/status.ts, say which part waits for what.

local conditions = {}
for _, condition in ipairs((obj.status or {}).conditions or {}) do
  conditions[condition.type] = condition
end
local synced = conditions.Synced or {}
local ready = conditions.Ready or {}

if ((obj.metadata.annotations or {})["crossplane.io/paused"]) == "true" or synced.reason == "ReconcilePaused" then
  return { status = "Suspended", message = "Paused: Crossplane changes and deletes nothing" }
end
if synced.status == nil then
  return { status = "Progressing", message = "Waiting for the first reconcile by Crossplane" }
end
-- Crossplane also writes to the spec, so this happens for a moment after each wave of resources.
if synced.observedGeneration ~= nil and synced.observedGeneration < obj.metadata.generation then
  return { status = "Progressing", message = "Waiting for Crossplane to reconcile the change" }
end
-- The function rejects the spec, or a reconcile failed. Crossplane retries within seconds, so this lasts only as long as the failure.
if synced.status == "False" then
  return { status = "Degraded", message = synced.message }
end

-- Argo CD's Lua has no string library, but strings can be compared.
local function starts_with(text, start)
  return text ~= nil and text >= start and text < start .. "\255"
end

-- In every pipeline, some resources wait a few seconds for a referenced resource. They are not synced then, but need no action.
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
    -- AWS rejected a resource. A resource that exists stays Ready, and so does the claim, so this check comes before Ready.
    if condition.reason == "ReconcileError" and not waits_for_reference(condition.message) then
      return { status = "Degraded", message = text }
    end
    -- Only a person can provide the layer. All other waiting ends without action.
    if condition.reason == "WaitingForLayer" then
      return { status = "Degraded", message = text }
    end
    table.insert(waiting, text)
  end
end

if ready.status == "True" then
  return { status = "Healthy", message = "All resources are ready" }
end
-- The circuit breaker of Crossplane is open: each step takes up to half a minute.
local responsive = conditions.Responsive or {}
if responsive.status == "False" then
  table.insert(waiting, responsive.type .. ", " .. responsive.reason .. ": " .. (responsive.message or ""))
end
if #waiting == 0 then
  table.insert(waiting, ready.message or ready.reason or "Not ready yet")
end
return { status = "Progressing", message = table.concat(waiting, "\n") }
