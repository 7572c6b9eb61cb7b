-- The health of Crossplane's own kinds: packages, definitions, policies, operations. For other kinds in *.crossplane.io, Synced and
-- Ready decide.

-- Argo CD's Lua has no string library, but strings can be compared.
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
  return { status = "Healthy", message = "Exists" }
end

-- An old revision is kept for a rollback. Its conditions are from the time when it was active.
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
  -- The package's revisions are activated by hand.
  InactivePackageRevision = true,
}
-- A new package is unhealthy until its revision is unpacked, its dependencies are installed and its pods run. If the pods fail, the
-- health of their Deployment shows it.
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

-- The health for a condition, or nil when the condition is good.
local function judge(condition)
  if condition.status == "True" then
    return nil
  end
  local message = condition.message or condition.reason
  if paused_reasons[condition.reason] then
    return { status = "Suspended", message = message }
  end
  -- No activation policy names this kind. This is intended, and true for most kinds.
  if condition.reason == "InactiveManagedResource" then
    return { status = "Healthy", message = "Not activated" }
  end
  -- An activation policy that failed to activate some kinds is Unknown with this reason.
  local unknown = condition.status == "Unknown" and condition.reason ~= "EncounteredErrors"
  if unknown or is_starting(condition) then
    return { status = "Progressing", message = message }
  end
  -- Degraded after the first failure, although it is retried: a wrong image or a rejected definition stays wrong until someone acts.
  return { status = "Degraded", message = message }
end

if ((obj.metadata.annotations or {})["crossplane.io/paused"]) == "true" then
  return { status = "Suspended", message = "Paused" }
end
-- Synced and LastAsyncOperation come first, if they exist: a resource stays Ready when a change to it fails.
local first = { conditions.Synced }
local last = conditions.LastAsyncOperation
-- A new attempt and a success both set Ready at a later time.
if last ~= nil and last.status == "False" and ((conditions.Ready or {}).lastTransitionTime or "") <= last.lastTransitionTime then
  table.insert(first, last)
end
for _, type in ipairs(needed) do
  table.insert(first, conditions[type] or { status = "Unknown", message = "Waiting for " .. type })
end
for _, condition in ipairs(first) do
  local health = is_stale(condition) and { status = "Progressing", message = "Waiting for Crossplane to reconcile the change" }
    or judge(condition)
  if health ~= nil then
    return health
  end
end
return { status = "Healthy", message = table.concat(needed, ", ") }
