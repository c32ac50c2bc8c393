"""What IAM decides on synthesized policies: enough of it for the policies of this application, and nothing assumed.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""
