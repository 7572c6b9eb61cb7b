-- Managed resources of provider-upjet-aws and its ProviderConfigs: *.aws.m.upbound.io and, cluster-scoped, *.aws.upbound.io.

-- Their status is a count of users, if there is one.
local without_conditions = { ProviderConfig = true, ClusterProviderConfig = true, ProviderConfigUsage = true }
if without_conditions[obj.kind] then
  return { status = "Healthy", message = "In place" }
end

local conditions = {}
for _, condition in ipairs((obj.status or {}).conditions or {}) do
  conditions[condition.type] = condition
end
local synced = conditions.Synced or {}
local ready = conditions.Ready or {}
local last = conditions.LastAsyncOperation or {}

-- managementPolicies: [] pauses too, and only the reason tells.
local paused = ((obj.metadata.annotations or {})["crossplane.io/paused"]) == "true"
if paused or synced.reason == "ReconcilePaused" then
  return { status = "Suspended", message = "Paused: nothing is done in AWS, not even a deletion" }
end
if synced.status == nil then
  return { status = "Progressing", message = "The provider has not looked at it yet" }
end
-- Ready and LastAsyncOperation carry no generation.
if synced.observedGeneration ~= nil and synced.observedGeneration < obj.metadata.generation then
  return { status = "Progressing", message = "The provider has not looked at the change yet" }
end

-- Argo CD gives Lua no string functions, but strings can be compared.
local function starts_with(text, start)
  return text ~= nil and text >= start and text < start .. "\255"
end

if synced.status == "False" then
  -- What it points to is still being made: seen for seconds in every pipeline.
  if starts_with(synced.message, "cannot resolve references") then
    return { status = "Progressing", message = synced.message }
  end
  -- Shown from the first time on: what AWS refuses once it mostly refuses again, and an end of it is seen at once, too.
  return { status = "Degraded", message = synced.message }
end
-- It stays False until a later operation has ended. A new attempt at a change, and a success, change Ready after it.
if last.status == "False" and (ready.lastTransitionTime or "") <= last.lastTransitionTime then
  return { status = "Degraded", message = last.message }
end

if ready.status == "True" then
  return { status = "Healthy", message = "In AWS as it should be" }
end
return { status = "Progressing", message = ready.message or ready.reason or "Not ready yet" }
