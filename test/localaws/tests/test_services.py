"""Athena, queues, topics, rules, trails, alarms, logs, workflows and health stores."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from .cloud import ACCOUNT, REGION, CloudTest, Resources, client, resource
from .control import script
from .test_catalog import recorded

NOBODY = {"Version": "2012-10-17", "Statement": []}
ALLOW = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
}


def athena_group(cutoff: Any, **more: Any) -> Resources:
    return resource(
        "AWS::Athena::WorkGroup",
        Name="group",
        WorkGroupConfiguration={
            "EnforceWorkGroupConfiguration": "true",
            "BytesScannedCutoffPerQuery": cutoff,
            "ResultConfiguration": {
                "OutputLocation": "s3://results/",
                "EncryptionConfiguration": {"EncryptionOption": "SSE_KMS", "KmsKey": "k"},
                "ExpectedBucketOwner": ACCOUNT,
            },
        },
        **more,
    )


class Athena(CloudTest):
    def test_group_and_query(self) -> None:
        def both(cutoff: Any, text: str, **more: Any) -> Resources:
            return {
                "G": athena_group(cutoff, **more),
                "Q": resource(
                    "AWS::Athena::NamedQuery",
                    Database="db",
                    QueryString=text,
                    WorkGroup={"Ref": "G"},
                ),
            }

        athena = client("athena")
        self.deployed(both("10000000", "SELECT 1"))
        group = athena.get_work_group(WorkGroup="group")["WorkGroup"]
        configuration = group["Configuration"]
        self.assertTrue(configuration["EnforceWorkGroupConfiguration"])
        self.assertEqual(configuration["BytesScannedCutoffPerQuery"], 10000000)
        first = self.physical("Q")
        self.deployed(both(20000000, "SELECT 2", Description="d", State="DISABLED"))
        group = athena.get_work_group(WorkGroup="group")["WorkGroup"]
        self.assertEqual(group["Configuration"]["BytesScannedCutoffPerQuery"], 20000000)
        self.assertEqual((group["Description"], group["State"]), ("d", "DISABLED"))
        second = self.physical("Q")
        self.assertNotEqual(first, second)
        ids = athena.list_named_queries(WorkGroup="group")["NamedQueryIds"]
        self.assertEqual(ids, [second])
        self.refused({"G": athena_group(1)}, "AlreadyExists", suffix="-second")
        lost = resource(
            "AWS::Athena::NamedQuery", Database="db", QueryString="x", WorkGroup="nowhere"
        )
        self.refused({"Q": lost}, "EntityNotFoundException", suffix="-lost")
        self.assertEqual(self.remove(), "DELETE_COMPLETE")
        names = [g["Name"] for g in athena.list_work_groups()["WorkGroups"]]
        self.assertNotIn("group", names)

    def test_a_query_fails_when_the_test_says_so(self) -> None:
        athena = client("athena")
        script({"operation": "StartQueryExecution", "status": "FAILED"})

        def state(query: str) -> str:
            made = athena.start_query_execution(QueryString=query)["QueryExecutionId"]
            found = athena.get_query_execution(QueryExecutionId=made)
            return str(found["QueryExecution"]["Status"]["State"])

        self.assertEqual(state("SELECT 1"), "SUCCEEDED")
        self.assertEqual(state("MERGE INTO a"), "FAILED")
        self.assertEqual(state("MERGE INTO a"), "SUCCEEDED")

    def test_group_with_history(self) -> None:
        athena = client("athena")
        for recursive, status in ((False, "DELETE_FAILED"), (True, "DELETE_COMPLETE")):
            self.deployed({"G": athena_group(10000000, RecursiveDeleteOption=recursive)})
            athena.start_query_execution(QueryString="SELECT 1", WorkGroup="group")
            self.assertEqual(self.remove(), status)

    def test_results_in_two_places(self) -> None:
        both = athena_group(10000000)
        both["Properties"]["WorkGroupConfiguration"]["ManagedQueryResultsConfiguration"] = {
            "Enabled": True
        }
        self.refused({"G": both}, "OutputLocation cannot be set", suffix="-both")


class Messages(CloudTest):
    def test_queue(self) -> None:
        def queue(**more: Any) -> Resources:
            return {
                "Dead": resource("AWS::SQS::Queue"),
                "Q": resource(
                    "AWS::SQS::Queue",
                    QueueName="queue",
                    RedrivePolicy={
                        "deadLetterTargetArn": {"Fn::GetAtt": ["Dead", "Arn"]},
                        "maxReceiveCount": 3,
                    },
                    **more,
                ),
                "P": resource("AWS::SQS::QueuePolicy", Queues=[{"Ref": "Q"}], PolicyDocument=ALLOW),
            }

        sqs = client("sqs")
        self.deployed(queue(VisibilityTimeout="60", KmsMasterKeyId="alias/x"))
        url = self.physical("Q")

        def attributes() -> dict[str, str]:
            found: dict[str, str] = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])[
                "Attributes"
            ]
            return found

        self.assertEqual(attributes()["VisibilityTimeout"], "60")
        self.assertEqual(attributes()["KmsMasterKeyId"], "alias/x")
        self.assertEqual(json.loads(attributes()["RedrivePolicy"])["maxReceiveCount"], 3)
        self.assertEqual(json.loads(attributes()["Policy"]), ALLOW)
        changed = queue(MessageRetentionPeriod=120)
        del changed["P"]
        self.deployed(changed)
        self.assertEqual(attributes()["VisibilityTimeout"], "30")
        self.assertEqual(attributes()["MessageRetentionPeriod"], "120")
        self.assertEqual(attributes().get("Policy", ""), "")
        taken = {"Q": resource("AWS::SQS::Queue", QueueName="queue")}
        self.refused(taken, "already exists", suffix="-second")
        self.remove()
        self.assertEqual(sqs.list_queues().get("QueueUrls", []), [])

    def test_topic(self) -> None:
        def topic(name: str, endpoint: str, policy: dict[str, Any]) -> Resources:
            return {
                "T": resource(
                    "AWS::SNS::Topic", TopicName="topic", DisplayName=name, KmsMasterKeyId="k"
                ),
                "P": resource(
                    "AWS::SNS::TopicPolicy", Topics=[{"Ref": "T"}], PolicyDocument=policy
                ),
                "S": resource(
                    "AWS::SNS::Subscription",
                    TopicArn={"Ref": "T"},
                    Protocol="email",
                    Endpoint=endpoint,
                ),
            }

        sns = client("sns")
        self.deployed(topic("one", "a@example.org", NOBODY))
        self.deployed(topic("two", "b@example.org", ALLOW))
        arn = self.physical("T")
        attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
        self.assertEqual(attributes["DisplayName"], "two")
        self.assertEqual(attributes["KmsMasterKeyId"], "k")
        self.assertEqual(json.loads(attributes["Policy"]), ALLOW)
        listed = sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]
        self.assertEqual([s["Endpoint"] for s in listed], ["b@example.org"])
        self.refused({"T": topic("x", "x", ALLOW)["T"]}, "already exists", suffix="-second")
        self.remove()
        self.assertEqual(sns.list_topics()["Topics"], [])

    def test_rule(self) -> None:
        def rule(*targets: str, **more: Any) -> Resources:
            arns = [{"Id": t, "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{t}"} for t in targets]
            return {
                "R": resource(
                    "AWS::Events::Rule",
                    Name="rule",
                    EventPattern={"source": ["aws.glue"]},
                    Targets=arns,
                    **more,
                )
            }

        events = client("events")
        self.deployed(rule("a", "b"))
        self.deployed(rule("b", "c", State="DISABLED"))
        targets = events.list_targets_by_rule(Rule="rule")["Targets"]
        self.assertEqual(sorted(t["Id"] for t in targets), ["b", "c"])
        there = events.describe_rule(Name="rule")
        self.assertEqual(there["State"], "DISABLED")
        self.assertEqual(json.loads(there["EventPattern"]), {"source": ["aws.glue"]})
        self.refused(rule("a"), "already exists", suffix="-second")
        self.remove()
        self.assertEqual(events.list_rules()["Rules"], [])


class Watching(CloudTest):
    def test_trail(self) -> None:
        def trail(logging: bool, **more: Any) -> Resources:
            return {
                "B": resource("AWS::S3::Bucket", BucketName="trail-bucket"),
                "T": resource(
                    "AWS::CloudTrail::Trail",
                    TrailName="trail",
                    S3BucketName={"Ref": "B"},
                    IsLogging=logging,
                    EnableLogFileValidation="true",
                    **more,
                ),
            }

        selectors = [
            {
                "Name": "lake",
                "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}],
            }
        ]
        cloudtrail = client("cloudtrail")
        self.deployed(trail(True, AdvancedEventSelectors=selectors))
        self.assertTrue(cloudtrail.get_trail_status(Name="trail")["IsLogging"])
        kept = cloudtrail.get_event_selectors(TrailName="trail")["AdvancedEventSelectors"]
        self.assertEqual(kept, selectors)
        self.deployed(trail(False, IsMultiRegionTrail=True))
        self.assertFalse(cloudtrail.get_trail_status(Name="trail")["IsLogging"])
        there = cloudtrail.get_trail(Name="trail")["Trail"]
        self.assertTrue(there["IsMultiRegionTrail"] and there["LogFileValidationEnabled"])
        self.assertEqual(self.remove(), "DELETE_COMPLETE")
        self.assertEqual(cloudtrail.list_trails()["Trails"], [])

    def test_alarm(self) -> None:
        def alarm(threshold: Any) -> Resources:
            return {
                "A": resource(
                    "AWS::CloudWatch::Alarm",
                    AlarmName="alarm",
                    ComparisonOperator="GreaterThanThreshold",
                    EvaluationPeriods="1",
                    MetricName="m",
                    Namespace="n",
                    Period=60,
                    Statistic="Sum",
                    Threshold=threshold,
                    AlarmActions=["arn:aws:sns:us-east-1:1:t"],
                )
            }

        cloudwatch = client("cloudwatch")
        self.deployed(alarm(1))
        self.deployed(alarm("2.5"))
        (there,) = cloudwatch.describe_alarms(AlarmNames=["alarm"])["MetricAlarms"]
        self.assertEqual(there["Threshold"], 2.5)
        self.refused(alarm(1), "already exists", suffix="-second")
        self.remove()
        self.assertEqual(cloudwatch.describe_alarms()["MetricAlarms"], [])

    def test_dashboard(self) -> None:
        def dashboard(name: str, body: str) -> Resources:
            return {
                "D": resource(
                    "AWS::CloudWatch::Dashboard", DashboardName=name, DashboardBody=body
                )
            }

        cloudwatch = client("cloudwatch")
        self.deployed(dashboard("board", '{"widgets":[]}'))
        self.deployed(dashboard("board", '{"widgets":[{"type":"text"}]}'))
        body = cloudwatch.get_dashboard(DashboardName="board")["DashboardBody"]
        self.assertIn("text", body)
        self.refused(dashboard("board", '{"widgets":[]}'), "already exists", suffix="-second")
        self.refused(dashboard("a.b", '{"widgets":[]}'), "is invalid", suffix="-third")
        self.refused(dashboard("c", "{}"), "is invalid", suffix="-fourth")
        self.remove()
        self.assertEqual(cloudwatch.list_dashboards()["DashboardEntries"], [])

    def test_log_group(self) -> None:
        def group(**more: Any) -> Resources:
            return {
                "G": resource("AWS::Logs::LogGroup", LogGroupName="/group", **more),
                "P": resource(
                    "AWS::SSM::Parameter", Type="String", Value={"Fn::GetAtt": ["G", "Arn"]}
                ),
            }

        logs = client("logs")
        self.deployed(group(RetentionInDays=7, KmsKeyId="k", Tags=[{"Key": "a", "Value": "b"}]))
        (there,) = logs.describe_log_groups()["logGroups"]
        self.assertEqual((there["retentionInDays"], there["kmsKeyId"]), (7, "k"))
        self.deployed(group(KmsKeyId="k2"))
        (there,) = logs.describe_log_groups()["logGroups"]
        self.assertEqual((there.get("retentionInDays"), there["kmsKeyId"]), (None, "k2"))
        arn = client("ssm").get_parameter(Name=self.physical("P"))["Parameter"]["Value"]
        self.assertEqual(arn, f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/group:*")
        self.remove()
        self.assertEqual(logs.describe_log_groups()["logGroups"], [])

    def test_log_resource_policy(self) -> None:
        def policy(document: dict[str, Any]) -> Resources:
            text = json.dumps(document)
            return {"P": resource("AWS::Logs::ResourcePolicy", PolicyName="p", PolicyDocument=text)}

        logs = client("logs")
        self.deployed(policy(NOBODY))
        self.deployed(policy(ALLOW))
        (there,) = logs.describe_resource_policies()["resourcePolicies"]
        self.assertEqual(json.loads(there["policyDocument"]), ALLOW)
        self.assertEqual(self.remove(), "DELETE_COMPLETE")
        self.assertEqual(logs.describe_resource_policies()["resourcePolicies"], [])

    def test_repository(self) -> None:
        """cdk bootstrap makes one."""

        def repository(mutability: str) -> Resources:
            return {
                "R": resource(
                    "AWS::ECR::Repository",
                    RepositoryName="repo",
                    ImageTagMutability=mutability,
                    LifecyclePolicy={"LifecyclePolicyText": '{"rules": []}'},
                )
            }

        ecr = client("ecr")
        self.deployed(repository("MUTABLE"))
        self.deployed(repository("IMMUTABLE"))
        (there,) = ecr.describe_repositories()["repositories"]
        self.assertEqual(there["imageTagMutability"], "IMMUTABLE")
        self.assertEqual(self.remove(), "DELETE_COMPLETE")
        self.assertEqual(ecr.describe_repositories()["repositories"], [])

    def test_dashboard(self) -> None:
        def board(text: str) -> Resources:
            body = json.dumps({"widgets": [{"type": "text", "properties": {"markdown": text}}]})
            return {
                "D": resource(
                    "AWS::CloudWatch::Dashboard", DashboardName="board", DashboardBody=body
                )
            }

        self.deployed(board("one"))
        self.deployed(board("two"))
        there = client("cloudwatch").get_dashboard(DashboardName="board")["DashboardBody"]
        self.assertIn("two", there)
        self.assertEqual(self.remove(), "DELETE_COMPLETE")
        listed = client("cloudwatch").list_dashboards()["DashboardEntries"]
        self.assertEqual(listed, [])


class Workflows(CloudTest):
    def test_state_machine(self) -> None:
        def machine(text: str) -> Resources:
            definition = {
                "StartAt": "S",
                "States": {"S": {"Type": "Pass", "Result": "${text}", "End": True}},
            }
            return {
                "R": resource("AWS::IAM::Role", AssumeRolePolicyDocument=NOBODY),
                "M": resource(
                    "AWS::StepFunctions::StateMachine",
                    StateMachineName="machine",
                    RoleArn={"Fn::GetAtt": ["R", "Arn"]},
                    DefinitionString=json.dumps(definition),
                    DefinitionSubstitutions={"text": text},
                    TracingConfiguration={"Enabled": True},
                ),
            }

        states = client("stepfunctions")
        self.deployed(machine("one"))
        self.deployed(machine("two"))
        there = states.describe_state_machine(stateMachineArn=self.physical("M"))
        self.assertEqual(json.loads(there["definition"])["States"]["S"]["Result"], "two")
        self.assertEqual(there["tracingConfiguration"], {"enabled": True})
        self.refused({**machine("x"), "R": machine("x")["R"]}, "exists", suffix="-second")
        self.remove()
        left = [machine["name"] for machine in states.list_state_machines()["stateMachines"]]
        self.assertNotIn("machine", left)

    def test_schedule(self) -> None:
        def schedule(rate: str) -> Resources:
            return {
                "S": resource(
                    "AWS::Scheduler::Schedule",
                    Name="schedule",
                    ScheduleExpression=rate,
                    FlexibleTimeWindow={"Mode": "OFF"},
                    Target={"Arn": "arn:aws:sqs:us-east-1:1:q", "RoleArn": "arn:aws:iam::1:role/r"},
                )
            }

        self.deployed(schedule("rate(1 hour)"))
        self.deployed(schedule("rate(2 hours)"))
        there = client("scheduler").get_schedule(Name="schedule")
        self.assertEqual(there["ScheduleExpression"], "rate(2 hours)")
        self.remove()
        self.assertEqual(client("scheduler").list_schedules()["Schedules"], [])

    def test_spark_application(self) -> None:
        def application(minutes: int) -> Resources:
            return {
                "A": resource(
                    "AWS::EMRServerless::Application",
                    Name="spark",
                    Type="SPARK",
                    ReleaseLabel="emr-7.5.0",
                    AutoStopConfiguration={"Enabled": True, "IdleTimeoutMinutes": minutes},
                )
            }

        self.deployed(application(5))
        self.deployed(application(9))
        there = client("emr-serverless").get_application(applicationId=self.physical("A"))
        stop = there["application"]["autoStopConfiguration"]
        self.assertEqual(stop["idleTimeoutMinutes"], 9)
        self.assertEqual(self.remove(), "DELETE_COMPLETE")

    def test_parameter(self) -> None:
        def parameter(value: str) -> Resources:
            own = {"Name": "/param", "Type": "String", "Value": value, "Tags": {"k": "v"}}
            return {"P": resource("AWS::SSM::Parameter", **own)}

        self.deployed(parameter("one"))
        self.deployed(parameter("two"))
        self.assertEqual(client("ssm").get_parameter(Name="/param")["Parameter"]["Value"], "two")
        self.refused(parameter("x"), "AlreadyExists", suffix="-second")
        self.remove()
        with self.assertRaises(ClientError):
            client("ssm").get_parameter(Name="/param")


class Health(CloudTest):
    def _store(self, **more: Any) -> Resources:
        return resource("AWS::HealthLake::FHIRDatastore", DatastoreTypeVersion="R4", **more)

    def test_fhir_store(self) -> None:
        value = {"Fn::Sub": "${F.DatastoreArn} ${F.DatastoreEndpoint}"}
        pointer = resource("AWS::SSM::Parameter", Type="String", Value=value)
        self.deployed({"F": self._store(DatastoreName="one"), "P": pointer})
        store = self.physical("F")
        text = client("ssm").get_parameter(Name=self.physical("P"))["Parameter"]["Value"]
        self.assertIn(f"arn:aws:healthlake:{REGION}:{ACCOUNT}:datastore/fhir/{store} ", text)
        self.assertEqual(recorded(self.stack()), {})
        tags = [{"Key": "a", "Value": "b"}]
        self.deployed({"F": self._store(DatastoreName="one", Tags=tags), "P": pointer})
        self.assertEqual(self.physical("F"), store)
        nlp = {"NlpConfiguration": {"Status": "ENABLED"}}
        self.deployed({"F": self._store(DatastoreName="one", **nlp), "P": pointer})
        self.assertEqual(self.physical("F"), store)
        shown = client("healthlake").describe_fhir_datastore(DatastoreId=store)
        self.assertEqual(shown["DatastoreProperties"]["NlpConfiguration"], {"Status": "ENABLED"})
        script(dict(operation="UpdateFHIRDatastore", status="UPDATE_FAILED", message="no profile"))
        failing = self._store(
            DatastoreName="one", ProfileConfiguration={"DefaultProfiles": ["a"]}, **nlp
        )
        self.refused({"F": failing, "P": pointer}, "no profile")
        self.deployed({"F": self._store(DatastoreName="two"), "P": pointer})
        self.assertNotEqual(self.physical("F"), store)
        self.remove()
        self.assertEqual(recorded(self.stack()), {})

    def test_refusals(self) -> None:
        no_key = {"KmsEncryptionConfig": {"CmkType": "CUSTOMER_MANAGED_KMS_KEY"}}
        self.refused({"F": self._store(SseConfiguration=no_key)}, "needs a KmsKeyId")
        old = resource("AWS::HealthLake::FHIRDatastore", DatastoreTypeVersion="STU3")
        self.refused({"F": old}, "STU3", suffix="-old")

    def test_other_stores(self) -> None:
        self.deployed(
            {
                "I": resource("AWS::HealthImaging::Datastore", DatastoreName="i", Tags={"k": "v"}),
                "S": resource(
                    "AWS::Omics::SequenceStore",
                    Name="s",
                    SseConfig={"Type": "KMS", "KeyArn": "arn:aws:kms:us-east-1:1:key/k"},
                    Tags={"k": "v"},
                ),
                "R": resource("AWS::Omics::ReferenceStore", Name="r"),
                "M": resource("AWS::CDK::Metadata", Analytics="v2:deflate64:x"),
            }
        )
        self.assertEqual(set(recorded(self.stack())), {"S", "R"})

    def test_runs_of_healthomics(self) -> None:
        def runs(uri: str, version: str) -> Resources:
            definition = {"Engine": "WDL", "DefinitionUri": uri, "StorageType": "DYNAMIC"}
            arns = {"Fn::Sub": "${W.Arn} ${V.Arn} ${G.Arn} ${C.Arn}"}
            return {
                "W": resource(
                    "AWS::Omics::Workflow",
                    Name="w",
                    ParameterTemplate={"Reads": {"Optional": "true", "Description": "FASTQ"}},
                    **{**definition, "DefinitionUri": "s3://b/first.zip"},
                ),
                "V": resource(
                    "AWS::Omics::WorkflowVersion",
                    WorkflowId={"Fn::GetAtt": ["W", "Id"]},
                    VersionName=version,
                    **definition,
                ),
                "G": resource("AWS::Omics::RunGroup", Name="g", MaxCpus="8", Tags={"k": "v"}),
                "C": resource(
                    "AWS::Omics::RunCache",
                    CacheS3Location="s3://bucket/cache/",
                    Tags=[{"Key": "k", "Value": "v"}],
                ),
                "P": resource("AWS::SSM::Parameter", Type="String", Value=arns),
            }

        self.deployed(runs("s3://b/one.zip", "1"))
        workflow = self.physical("W")
        text = client("ssm").get_parameter(Name=self.physical("P"))["Parameter"]["Value"]
        prefix = f"arn:aws:omics:{REGION}:{ACCOUNT}:workflow/{workflow}"
        self.assertIn(f"{prefix} {prefix}/version/1 ", text)
        self.refused(runs("s3://b/two.zip", "1"), "ConflictException")
        self.deployed(runs("s3://b/two.zip", "2"))
        self.assertEqual((self.physical("W"), self.physical("V")), (workflow, f"{prefix}/version/2"))
        self.deployed(runs("s3://b/two.zip", "2") | {"G": resource("AWS::Omics::RunGroup", Name="h")})
        self.remove()
        self.refused({"G": resource("AWS::Omics::RunGroup", MaxCpus="0")}, "min value", suffix="-0")

    def test_closed_stores_of_healthomics(self) -> None:
        arn = f"arn:aws:omics:{REGION}:{ACCOUNT}:referenceStore/1234567890/reference/1234567890"
        for kind, more in {
            "Variant": {"Reference": {"ReferenceArn": arn}},
            "Annotation": {"StoreFormat": "TSV"},
        }.items():
            store = resource(f"AWS::Omics::{kind}Store", Name="s", **more)
            self.refused({"S": store}, "variants.NewVariantLake", suffix=f"-{kind}")
