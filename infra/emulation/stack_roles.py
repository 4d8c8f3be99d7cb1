"""Roles of stacks as CloudFormation makes them: with their managed policies, and known to the account's gateway."""

from typing import Any

from moto.apigateway.models import apigateway_backends
from moto.iam.models import AWSManagedPolicy, Role, iam_backends
from moto.utilities.utils import get_partition

from chalicelib.values.records import Json


def finish_roles(stack: Any) -> None:
    """Attach the managed policies of the stack's roles, and let the gateway write logs as the role that it names.

    moto leaves both out: on AWS a role with an attached policy cannot be deleted.
    """
    for name, resource in stack.template_dict["Resources"].items():
        role = stack.resource_map._parsed_resources.get(name)
        if isinstance(role, Role):
            for arn in resource["Properties"].get("ManagedPolicyArns", ()):
                _attach(stack, role, arn["Fn::Sub"].replace("${AWS::Partition}", get_partition(stack.region_name)))
        if resource["Type"] == "AWS::ApiGateway::Account":
            _name_to_gateway(stack, resource)


def _attach(stack: Any, role: Role, arn: str) -> None:
    policies = iam_backends[stack.account_id][get_partition(stack.region_name)].managed_policies
    if arn not in policies:
        path, _, name = arn.partition(":policy")[2].rpartition("/")
        made = {"CreateDate": "2015-02-06T18:40:00+00:00", "UpdateDate": "2015-02-06T18:40:00+00:00"}
        policies[arn] = AWSManagedPolicy.from_data(
            name, stack.account_id, stack.region_name, {"Path": f"{path}/", "Document": {}, **made}
        )
    if arn not in role.managed_policies:
        policies[arn].attach_to(role)


def _name_to_gateway(stack: Any, resource: Json) -> None:
    role = stack.resource_map._parsed_resources.get(resource["Properties"]["CloudWatchRoleArn"]["Fn::GetAtt"][0])
    if role is not None:
        apigateway_backends[stack.account_id][stack.region_name].account.cloudwatch_role_arn = role.arn
