-- Crossplane's own kinds (packages, definitions, policies, operations), and by Synced and Ready whatever else has a group of *.crossplane.io.

-- Argo CD gives Lua no string functions, but strings can be compared.
local function starts_with(text, start)
  return text ~= nil and text >= start and text < start .. "\255"
end
local function is_of(group)
  return starts_with(obj.apiVersion, group .. "/")
end

local without_status = {
  Composition = true,
  EnvironmentConfig = true,
  DeploymentRuntimeConfig = true,
  ImageConfig = true,
  ProviderConfig = true,
  ClusterProviderConfig = true,
  ProviderConfigUsage = true,
}
if without_status[obj.kind] then
  return { status = "Healthy", message = "In place" }
end

-- An old revision stays for a way back, and tells how it was when it was in use.
if is_of("pkg.crossplane.io") and (obj.spec or {}).desiredState == "Inactive" then
  return { status = "Healthy", message = "Not in use" }
end

local needed = {}
if is_of("pkg.crossplane.io") then
  needed = {
    Provider = { "Installed", "Healthy" },
    Function = { "Installed", "Healthy" },
    Configuration = { "Installed", "Healthy" },
    ProviderRevision = { "RevisionHealthy", "RuntimeHealthy" },
    FunctionRevision = { "RevisionHealthy", "RuntimeHealthy" },
    ConfigurationRevision = { "RevisionHealthy" },
    Lock = { "Resolved" },
  }
elseif is_of("apiextensions.crossplane.io") then
  needed = {
    CompositeResourceDefinition = { "Established" },
    ManagedResourceDefinition = { "Established" },
    ManagedResourceActivationPolicy = { "Healthy" },
    CompositionRevision = { "ValidPipeline" },
  }
elseif is_of("ops.crossplane.io") then
  needed = { Operation = { "Succeeded" }, CronOperation = { "Scheduling" }, WatchOperation = { "Watching" } }
end
needed = needed[obj.kind] or { "Ready" }

local conditions = {}
for _, condition in ipairs((obj.status or {}).conditions or {}) do
  conditions[condition.type] = condition
end

local function is_stale(condition)
  return condition.observedGeneration ~= nil and condition.observedGeneration < obj.metadata.generation
end

local paused_reasons = {
  ReconcilePaused = true,
  SchedulePaused = true,
  WatchPaused = true,
  -- A package whose revisions are activated by hand.
  InactivePackageRevision = true,
}
-- A package is unhealthy from the start until its revision was unpacked, its dependencies came and its pods run. Their Deployment has a health of its own.
local function is_starting(condition)
  local runtime = condition.type == "RuntimeHealthy"
  local package = condition.type == "Healthy" and condition.reason == "UnhealthyPackageRevision"
  local missing = "cannot resolve package dependencies: missing dependencies"
  return runtime
    or condition.type == "RevisionHealthy" and starts_with(condition.message, missing)
    or package and starts_with(condition.message, "Package revision health is \"Unknown\"")
    or package and starts_with(condition.message, "Package revision health is \"False\" with message: " .. missing)
    or package and starts_with(condition.message, "Package runtime health is ")
end

-- nil where a condition is as it should be.
local function judge(condition)
  if condition.status == "True" then
    return nil
  end
  local message = condition.message or condition.reason
  if paused_reasons[condition.reason] then
    return { status = "Suspended", message = message }
  end
  -- No activation policy names this kind: wanted, and the state of most.
  if condition.reason == "InactiveManagedResource" then
    return { status = "Healthy", message = "Not activated" }
  end
  -- An activation policy that could not activate all says Unknown, with this reason.
  local unknown = condition.status == "Unknown" and condition.reason ~= "EncounteredErrors"
  if unknown or is_starting(condition) then
    return { status = "Progressing", message = message }
  end
  -- Shown from the first failure on, though it is retried: a wrong image or a refused definition stays wrong until someone acts.
  return { status = "Degraded", message = message }
end

if ((obj.metadata.annotations or {})["crossplane.io/paused"]) == "true" then
  return { status = "Suspended", message = "Paused" }
end
-- Where there are these, they come first: what was ready stays so when a change to it fails.
local first = { conditions.Synced }
local last = conditions.LastAsyncOperation
-- A new attempt at a change, and a success, change Ready after it.
if last ~= nil and last.status == "False" and ((conditions.Ready or {}).lastTransitionTime or "") <= last.lastTransitionTime then
  table.insert(first, last)
end
for _, type in ipairs(needed) do
  table.insert(first, conditions[type] or { status = "Unknown", message = "Waiting for " .. type })
end
for _, condition in ipairs(first) do
  local health = is_stale(condition) and { status = "Progressing", message = "Crossplane has not looked at the change yet" }
    or judge(condition)
  if health ~= nil then
    return health
  end
end
return { status = "Healthy", message = table.concat(needed, ", ") }
