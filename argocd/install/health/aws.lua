-- The health of managed resources and ProviderConfigs of provider-upjet-aws: *.aws.m.upbound.io and, cluster-scoped, *.aws.upbound.io.

-- These kinds have no conditions, at most a count of users.
local without_conditions = { ProviderConfig = true, ClusterProviderConfig = true, ProviderConfigUsage = true }
if without_conditions[obj.kind] then
  return { status = "Healthy", message = "Exists" }
end

local conditions = {}
for _, condition in ipairs((obj.status or {}).conditions or {}) do
  conditions[condition.type] = condition
end
local synced = conditions.Synced or {}
local ready = conditions.Ready or {}
local last = conditions.LastAsyncOperation or {}

-- managementPolicies: [] pauses a resource too. Then only the reason of Synced shows it.
local paused = ((obj.metadata.annotations or {})["crossplane.io/paused"]) == "true"
if paused or synced.reason == "ReconcilePaused" then
  return { status = "Suspended", message = "Paused: the provider changes and deletes nothing in AWS" }
end
if synced.status == nil then
  return { status = "Progressing", message = "Waiting for the first reconcile by the provider" }
end
-- Only Synced has an observedGeneration; Ready and LastAsyncOperation do not.
if synced.observedGeneration ~= nil and synced.observedGeneration < obj.metadata.generation then
  return { status = "Progressing", message = "Waiting for the provider to reconcile the change" }
end

-- Argo CD's Lua has no string library, but strings can be compared.
local function starts_with(text, start)
  return text ~= nil and text >= start and text < start .. "\255"
end

if synced.status == "False" then
  -- A referenced resource does not exist yet. This happens for a few seconds in every pipeline.
  if starts_with(synced.message, "cannot resolve references") then
    return { status = "Progressing", message = synced.message }
  end
  -- Degraded after the first failure: AWS usually rejects the same request again, and a success changes the health immediately.
  return { status = "Degraded", message = synced.message }
end
-- LastAsyncOperation stays False until a later operation ends. A new attempt and a success both set Ready at a later time.
if last.status == "False" and (ready.lastTransitionTime or "") <= last.lastTransitionTime then
  return { status = "Degraded", message = last.message }
end

if ready.status == "True" then
  return { status = "Healthy", message = "Up to date in AWS" }
end
return { status = "Progressing", message = ready.message or ready.reason or "Not ready yet" }
